package io.drawbridge.core.store.postgres;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.Violations;
import io.drawbridge.core.store.StoreError;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.migration.MigrationException;
import io.vertx.pgclient.PgException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the server's and the driver's failures mean to a caller of the store. */
final class StoreFailures {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String FOREIGN_KEY_VIOLATION = "23503";
    /* A deadlock, a statement whose plan or name a migration made stale: the same write may do at once. */
    private static final Set<String> PASSING = Set.of("40P01", "40001", "0A000", "26000");
    /* The server ends or refuses the connection. */
    private static final Set<String> AWAY = Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "53300");
    /* A timeout, or a table or column that a migration has not made yet, or locks. */
    private static final Set<String> NOT_NOW = Set.of("57014", "55P03", "40P01", "40001", "42P01", "42703", "25006");

    /* The words of a message depend on the server's language, this form in it does not. */
    private static final Pattern KEY = Pattern.compile("\\(([^()]+)\\)=\\(");

    private StoreFailures() {}

    static String state(Throwable failure) {
        return failure instanceof PgException known ? String.valueOf(known.getSqlState()) : "";
    }

    /** Whether another row has the same value in the column. */
    static boolean clash(Throwable failure, String column) {
        return UNIQUE_VIOLATION.equals(state(failure))
                && columns((PgException) failure).anyMatch(each -> each.equals(column));
    }

    static boolean passing(Throwable failure) {
        return PASSING.contains(state(failure));
    }

    /** Whether the server may have done what it was asked although it did not say so. */
    static boolean away(Throwable failure) {
        return !(failure instanceof PgException)
                || AWAY.contains(state(failure))
                || state(failure).startsWith("08");
    }

    static StoreException unknown(Throwable failure) {
        return StoreException.of(
                StoreError.OUTCOME_UNKNOWN,
                "the database went away before it answered: the change may or may not have happened",
                failure);
    }

    /**
     * @param sql of the type that the statement was for
     * @param entity what was written; null for a read or a delete
     */
    static StoreException translate(Throwable failure, EntitySql sql, Entity entity) {
        if (failure instanceof StoreException known) {
            return known;
        }
        if (failure instanceof MigrationException unknownGate) {
            return StoreException.of(StoreError.UNAVAILABLE, unknownGate.getMessage(), failure);
        }
        String state = state(failure);
        if (state.equals(UNIQUE_VIOLATION) && entity != null) {
            return columns((PgException) failure).anyMatch("cache_key"::equals)
                    ? StoreException.duplicateTogether(entity)
                    : StoreException.duplicate(entity, clashing((PgException) failure, sql));
        }
        if (state.equals(FOREIGN_KEY_VIOLATION)) {
            return entity == null
                    ? StoreException.referenced(sql.type().name(), ((PgException) failure).getTable())
                    : dangling((PgException) failure, sql, entity);
        }
        if (away(failure)) {
            return StoreException.of(
                    StoreError.UNAVAILABLE, "the database cannot be reached: " + reason(failure), failure);
        }
        if (NOT_NOW.contains(state)) {
            return StoreException.of(
                    StoreError.UNAVAILABLE, "the database cannot do this now: " + failure.getMessage(), failure);
        }
        if (state.equals("54000")) {
            return StoreException.invalid(Violations.ofEntity("a value is too long to be indexed"));
        }
        if (state.startsWith("22") || state.equals("23502") || state.equals("23514")) {
            return StoreException.invalid(Violations.ofEntity("value refused by the database"));
        }
        return StoreException.of(StoreError.DATABASE_ERROR, "the database refused: " + failure.getMessage(), failure);
    }

    /** Some failures of the driver have no message. */
    private static String reason(Throwable failure) {
        return failure.getMessage() != null
                ? failure.getMessage()
                : failure.getClass().getSimpleName();
    }

    private static String clashing(PgException failure, EntitySql sql) {
        return columns(failure)
                .map(sql::field)
                .filter(field ->
                        field != null && (field.unique() || field.name().equals("id")))
                .map(Field::name)
                .findFirst()
                .orElse("id");
    }

    private static StoreException dangling(PgException failure, EntitySql sql, Entity entity) {
        Field field = columns(failure)
                .map(sql::field)
                .filter(each -> each != null && each.reference() != null)
                .findFirst()
                .orElse(null);
        return field == null
                ? StoreException.of(StoreError.DATABASE_ERROR, "the database refused: " + failure.getMessage(), failure)
                : StoreException.reference(entity, field.name(), field.reference());
    }

    private static Stream<String> columns(PgException failure) {
        Matcher key = KEY.matcher(String.valueOf(failure.getDetail()));
        return key.find()
                ? Stream.of(key.group(1).split(", ")).map(column -> column.replace("\"", ""))
                : List.<String>of().stream();
    }
}
