package io.drawbridge.core.store.postgres;

import io.drawbridge.core.store.DataPlaneRow;
import io.drawbridge.core.store.DataPlaneTable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Data planes in the table that Kong's control planes and clients know. Behind no gate: it is no configuration. */
public final class PostgresDataPlanes implements DataPlaneTable {
    private static final Duration STATEMENT = Duration.ofSeconds(10);
    /* Rows in the order of ids, so that two control planes never wait for each other in a circle. */
    private static final String SEEN = """
            INSERT INTO clustering_data_planes AS old (id, hostname, ip, config_hash, version, sync_status, ttl, last_seen)
              SELECT id, hostname, ip, hash, version, status, clock_timestamp() + seconds * interval '1 second',
                  date_trunc('second', clock_timestamp())
                FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
                  AS plane (id, hostname, ip, hash, version, status, seconds) ORDER BY id
              ON CONFLICT (id) DO UPDATE SET hostname = excluded.hostname, ip = excluded.ip,
                config_hash = excluded.config_hash, version = excluded.version, sync_status = excluded.sync_status,
                ttl = excluded.ttl, last_seen = excluded.last_seen""";

    private static final String PAGE = """
            SELECT id, hostname, ip, config_hash, version, sync_status, extract(epoch FROM last_seen)::bigint AS last_seen,
                greatest(0, ceil(extract(epoch FROM ttl - clock_timestamp())))::bigint AS ttl
              FROM clustering_data_planes WHERE id > $1 AND (ttl IS NULL OR ttl > clock_timestamp())
              ORDER BY id LIMIT $2""";

    private static final String PURGE = "DELETE FROM clustering_data_planes WHERE ttl < clock_timestamp()";
    /* Made once by a migration. */
    private static final String CLUSTER = "SELECT value FROM parameters WHERE key = 'cluster_id'";
    private static final UUID FIRST = new UUID(0, 0);

    private final Pool pool;

    public PostgresDataPlanes(Vertx vertx, PgConnectOptions connect) {
        this.pool = SmallPool.of(vertx, connect, "data-planes", STATEMENT);
    }

    @Override
    public Future<Void> seen(List<DataPlaneRow> planes) {
        List<DataPlaneRow> rows = new ArrayList<>(planes);
        Tuple arguments = Tuple.of(
                column(rows, DataPlaneRow::id).toArray(UUID[]::new),
                texts(rows, DataPlaneRow::hostname),
                texts(rows, DataPlaneRow::ip),
                texts(rows, DataPlaneRow::hash),
                texts(rows, DataPlaneRow::version),
                texts(rows, DataPlaneRow::status));
        arguments.addArrayOfLong(column(rows, DataPlaneRow::ttl).toArray(Long[]::new));
        return pool.preparedQuery(SEEN).execute(arguments).mapEmpty();
    }

    @Override
    public Future<List<DataPlaneRow>> page(UUID after, int size) {
        return pool.preparedQuery(PAGE)
                .execute(Tuple.of(after == null ? FIRST : after, (long) size))
                .map(rows -> {
                    List<DataPlaneRow> found = new ArrayList<>();
                    rows.forEach(row -> found.add(row(row)));
                    return found;
                });
    }

    @Override
    public Future<Optional<String>> clusterId() {
        return pool.query(CLUSTER)
                .execute()
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getString("value")));
    }

    @Override
    public Future<Void> purge() {
        return pool.query(PURGE).execute().mapEmpty();
    }

    /** Releases the connection. */
    public Future<Void> close() {
        return pool.close();
    }

    private static DataPlaneRow row(Row row) {
        return new DataPlaneRow(
                row.getUUID("id"),
                row.getString("hostname"),
                row.getString("ip"),
                row.getString("config_hash"),
                row.getString("version"),
                row.getString("sync_status"),
                row.getLong("last_seen"),
                row.getLong("ttl"));
    }

    private static <T> List<T> column(List<DataPlaneRow> rows, Function<DataPlaneRow, T> value) {
        return rows.stream().map(value).toList();
    }

    private static String[] texts(List<DataPlaneRow> rows, Function<DataPlaneRow, String> value) {
        return column(rows, value).toArray(String[]::new);
    }
}
