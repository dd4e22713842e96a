package io.drawbridge.core.release.postgres;

import io.drawbridge.postgres.Database;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rows of a database by table, as JSON; for tests. */
final class Rows {
    private static final Set<String> BOOKKEEPING = Set.of("schema_meta", "locks");

    private Rows() {}

    /** Every row of every table but bookkeeping and our own, without the named columns. */
    static Map<String, List<String>> of(Database database, String... without) {
        Map<String, List<String>> rows = new TreeMap<>();
        Set<String> tables =
                new TreeSet<>(database.query("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"));
        tables.removeIf(table -> BOOKKEEPING.contains(table) || table.startsWith("drawbridge_"));
        List<String> minus = new ArrayList<>();
        Arrays.asList(without).forEach(column -> minus.add(" - '" + column + "'"));
        for (String table : tables) {
            rows.put(
                    table,
                    database.query("SELECT (to_jsonb(t)" + String.join("", minus) + ")::text FROM " + table
                            + " AS t ORDER BY 1"));
        }
        return rows;
    }

    /** Without what differs between any two databases: the workspace's id and the cluster's. */
    static Map<String, List<String>> comparable(Database database) {
        String workspace = database.query("SELECT id::text FROM workspaces").get(0);
        Map<String, List<String>> rows = of(database);
        rows.remove("parameters");
        rows.remove("workspaces");
        rows.replaceAll((table, lines) -> lines.stream()
                .map(row -> row.replace(workspace, "WORKSPACE"))
                .sorted()
                .toList());
        return rows;
    }
}
