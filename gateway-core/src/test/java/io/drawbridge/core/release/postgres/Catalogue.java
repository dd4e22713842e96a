package io.drawbridge.core.release.postgres;

import io.drawbridge.postgres.Database;
import java.util.List;
import java.util.regex.Pattern;

/** What a schema is made of, one line each, in a form that is the same on every supported server; for tests. */
final class Catalogue {
    private static final Pattern OLD_TIME_ZONE =
            Pattern.compile("timezone\\(('UTC'::text), (CURRENT_TIMESTAMP\\(\\d\\))\\)");
    private static final String LINES = """
            WITH t AS (SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
                          AND c.relname NOT IN ('drawbridge_gate', 'drawbridge_lease', 'drawbridge_journal',
                            'drawbridge_members', 'drawbridge_requests', 'drawbridge_audit'))
            SELECT line FROM (
              SELECT format('%s column %s %s%s%s', t.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                            CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
                            coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) AS line
                FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
                LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
              UNION ALL
              SELECT format('%s constraint %s %s%s', t.relname, k.conname, pg_get_constraintdef(k.oid),
                            CASE WHEN k.convalidated THEN '' ELSE ' NOT VALID' END)
                FROM t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype IN ('p', 'u', 'f', 'c')
              UNION ALL
              SELECT format('%s index %s%s', t.relname,
                            replace(pg_get_indexdef(i.indexrelid), current_schema() || '.', ''),
                            CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END)
                FROM t JOIN pg_index i ON i.indrelid = t.oid
               WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))
              UNION ALL
              SELECT format('%s trigger %s %s', t.relname, g.tgenabled,
                            replace(pg_get_triggerdef(g.oid, true), current_schema() || '.', ''))
                FROM t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal
              UNION ALL
              SELECT format('function %s(%s) returns %s', p.proname, pg_get_function_identity_arguments(p.oid),
                            pg_get_function_result(p.oid))
                FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = current_schema()
              UNION ALL
              SELECT format('sequence %s', c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = current_schema() AND c.relkind = 'S' AND c.relname NOT LIKE 'drawbridge_%%_position_seq'
                 AND c.relname NOT LIKE 'drawbridge_audit%%'
            ) AS lines ORDER BY line COLLATE "C\"""";

    private Catalogue() {}

    static List<String> of(Database database) {
        return database.query(LINES.replace("%%", "%")).stream()
                .map(Catalogue::asNewServersSayIt)
                .toList();
    }

    /** Servers before 14 write AT TIME ZONE as a function. */
    private static String asNewServersSayIt(String line) {
        return OLD_TIME_ZONE.matcher(line).replaceAll("($2 AT TIME ZONE $1)");
    }

    /** Without our own objects. */
    static List<String> others(Database database) {
        return of(database).stream()
                .filter(line -> !line.contains("drawbridge_"))
                .toList();
    }
}
