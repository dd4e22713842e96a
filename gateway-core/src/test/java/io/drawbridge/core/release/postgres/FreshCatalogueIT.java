package io.drawbridge.core.release.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.Release;
import io.drawbridge.postgres.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A fresh bootstrap of each release, against files that were written from a bootstrap found equal to Kong's catalogue of
 * that release. {@code -Dcatalogue.write=FOLDER} writes them anew.
 */
class FreshCatalogueIT extends LineTest {

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "2.1", "2.2", "2.3", "2.4", "2.5"})
    void a_fresh_database_has_the_catalogue_of_its_release(String release) throws IOException {
        line.bootstrap(Release.parse(release));

        List<String> catalogue = Catalogue.of(database);
        String folder = System.getProperty("catalogue.write", "");
        if (!folder.isEmpty()) {
            Files.writeString(Path.of(folder, "catalogue-" + release + ".txt"), String.join("\n", catalogue) + "\n");
        }
        assertThat(catalogue).isEqualTo(expected(release));
    }

    @Test
    void an_ordinary_role_and_a_schema_of_its_own_suffice() {
        String role = "owner_" + database.database();
        database.execute(
                "CREATE ROLE " + role + " LOGIN PASSWORD 'owner'",
                "CREATE SCHEMA \"Own schema\" AUTHORIZATION " + role,
                "ALTER ROLE " + role + " SET search_path = \"Own schema\"");
        Database owned = new Database(database.host(), database.port(), database.database(), role, "owner");
        Line ownLine = new Line(vertx, owned);

        ownLine.bootstrap(V1_5);
        owned.execute("SELECT set_config('drawbridge.writer', '1.5/seed', false)", resource("seed-1.5.sql"));
        ownLine.through(V1_5, V2_5);

        assertThat(Catalogue.of(owned).stream().map(each -> each.replace("\"Own schema\".", "")))
                .isEqualTo(expected("2.5"));
        assertThat(database.query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .isEmpty();
    }

    /** 2.4 and 2.5 brought nothing to the catalogue. */
    static List<String> expected(String release) {
        String file = release.equals("2.4") || release.equals("2.5") ? "2.3" : release;
        return resource("catalogue-" + file + ".txt").lines().toList();
    }
}
