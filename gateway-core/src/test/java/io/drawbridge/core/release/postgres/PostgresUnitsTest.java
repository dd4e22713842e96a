package io.drawbridge.core.release.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.Migration;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import java.io.File;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PostgresUnitsTest {
    /** What old nodes would notice, or would have to wait for. */
    private static final Pattern HARSH = Pattern.compile(
            "\\b(DROP|RENAME|TRUNCATE|SET NOT NULL|SET DEFAULT|SET DATA TYPE|TYPE \\w+ USING|DELETE FROM|UPDATE \\w+ SET)\\b");

    private static final Pattern PLAIN_INDEX = Pattern.compile("CREATE (UNIQUE )?INDEX[^;]*? ON (\\w+)");
    private static final Pattern TIGHT_COLUMN = Pattern.compile("ADD COLUMN[^;]*NOT NULL(?! DEFAULT)");

    @Test
    void up_only_adds() {
        for (Migration<PgStep> unit : sinceTheLineBegins()) {
            for (String sql : texts(unit.expand())) {
                assertThat(HARSH.matcher(sql).find()).as(unit.id() + ": " + sql).isFalse();
                assertThat(TIGHT_COLUMN.matcher(sql).find())
                        .as(unit.id() + ": " + sql)
                        .isFalse();
            }
        }
    }

    @Test
    void up_builds_indexes_of_tables_with_rows_concurrently() {
        for (Migration<PgStep> unit : sinceTheLineBegins()) {
            String all = String.join(";\n", texts(unit.expand()));
            PLAIN_INDEX
                    .matcher(all)
                    .results()
                    .forEach(index -> assertThat(all)
                            .as(unit.id() + ": " + index.group())
                            .contains("CREATE TABLE IF NOT EXISTS " + index.group(2)));
        }
    }

    @Test
    void up_adds_uniqueness_only_from_an_index_or_to_an_empty_column() {
        for (Migration<PgStep> unit : sinceTheLineBegins()) {
            for (String sql : texts(unit.expand())) {
                boolean adds = sql.contains("ADD CONSTRAINT") && sql.contains("UNIQUE");
                assertThat(!adds || sql.contains("UNIQUE USING INDEX") || sql.contains("UNIQUE (cert_digest)"))
                        .as(unit.id() + ": " + sql)
                        .isTrue();
            }
        }
    }

    @Test
    void every_unit_that_a_class_makes_is_listed() throws Exception {
        List<String> listed = PostgresUnits.all().stream().map(Migration::id).toList();
        List<String> made = new ArrayList<>();
        String folder = "io/drawbridge/core/release/postgres/";
        File classes = new File("target/classes", folder);
        for (File each : Objects.requireNonNull(classes.listFiles((dir, name) -> name.endsWith(".class")))) {
            Class<?> type = Class.forName(
                    (folder + each.getName().replace(".class", "")).replace('/', '.'),
                    true,
                    getClass().getClassLoader());
            for (Method method : type.getDeclaredMethods()) {
                if (makesUnits(type, method)) {
                    method.setAccessible(true);
                    Object value = method.invoke(null);
                    List<?> units = value instanceof List<?> list ? list : List.of(value);
                    units.forEach(unit -> made.add(((Migration<?>) unit).id()));
                }
            }
        }

        assertThat(made).hasSizeGreaterThan(40);
        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(made.stream().distinct().toList());
    }

    private static boolean makesUnits(Class<?> type, Method method) {
        return type != PostgresUnits.class
                && Modifier.isStatic(method.getModifiers())
                && !method.isSynthetic()
                && method.getParameterCount() == 0
                && method.getGenericReturnType().getTypeName().contains(Migration.class.getName() + "<");
    }

    private static List<Migration<PgStep>> sinceTheLineBegins() {
        return PostgresUnits.all().stream()
                .filter(unit -> unit.since().isNewerThan(Release.of(1, 3)))
                .toList();
    }

    private static List<String> texts(List<PgStep> steps) {
        return steps.stream()
                .filter(PgStep.Statements.class::isInstance)
                .map(PgStep.Statements.class::cast)
                .flatMap(step -> step.sql().stream())
                .toList();
    }
}
