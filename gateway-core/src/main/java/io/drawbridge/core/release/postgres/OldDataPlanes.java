package io.drawbridge.core.release.postgres;

import io.drawbridge.core.store.DataPlaneRow;
import io.drawbridge.migration.MigrationBackend.Blocker;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Data planes that a finish would leave behind. After it, entities may use what only the new release knows, so that a data plane
 * may lag by that one hop and no further: one that is older than the release which the hop leaves, or of an older major than the
 * one it leads to, is too old. One whose version no control plane can read is served neither before nor after. It counts while it is connected: seen by any control plane within the last two minutes.
 */
final class OldDataPlanes {
    private static final String KIND = "data-planes";
    /* Data planes before this one do not tell their version. */
    private static final Release TOLD = Release.of(2, 3);
    /* Named one by one; of the others, how many. */
    private static final int NAMED_MAX = 100;

    /* By way of JSON, because releases before 2.3 have neither version nor ttl. */
    private static final String LIVE = """
            SELECT plane.id::text AS id, left(plane.hostname, 255) AS hostname, plane.ip, gate.active, gate.target,
                to_jsonb(plane) ->> 'version' AS version,
                greatest(0, extract(epoch FROM clock_timestamp() - plane.last_seen))::bigint AS seconds
              FROM clustering_data_planes AS plane CROSS JOIN drawbridge_gate AS gate
             WHERE gate.target IS NOT NULL AND plane.last_seen > clock_timestamp() - interval '2 minutes'
               AND coalesce((to_jsonb(plane) ->> 'ttl')::timestamptz > clock_timestamp(), true)
             ORDER BY plane.hostname, plane.id LIMIT 10000""";

    private OldDataPlanes() {}

    /** Whom a finish of the open upgrade would leave behind; the tables have to be there. */
    static Future<List<Blocker>> find(SqlConnection connection) {
        return connection.query(LIVE).execute().map(rows -> {
            List<Blocker> found = new ArrayList<>();
            int more = 0;
            for (Row row : rows) {
                Optional<Blocker> blocker = blocker(row);
                if (blocker.isPresent() && found.size() == NAMED_MAX) {
                    more++;
                } else {
                    blocker.ifPresent(found::add);
                }
            }
            if (more > 0) {
                found.add(new Blocker(KIND, more + " more data planes that are as old", false));
            }
            return found;
        });
    }

    private static Optional<Blocker> blocker(Row row) {
        Release target = Release.parse(row.getString("target"));
        Release floor = floor(Release.parse(row.getString("active")), target);
        String version = row.getString("version");
        Optional<Release> runs = DataPlaneRow.release(version);
        boolean old = version == null
                ? !floor.isOlderThan(TOLD)
                : runs.isPresent() && runs.get().isOlderThan(floor);
        if (!old) {
            return Optional.empty();
        }
        return Optional.of(new Blocker(
                KIND,
                "data plane " + row.getString("hostname") + " (" + row.getString("id") + " at " + row.getString("ip")
                        + ") runs " + (version == null ? "a release before " + TOLD : version) + ", seen "
                        + row.getLong("seconds") + " s ago; the configuration of " + target + " needs " + floor
                        + " or newer",
                false));
    }

    /** The oldest release of data planes that a hop takes along. */
    static Release floor(Release active, Release target) {
        Release oldest = Release.of(target.major(), 0);
        return active.isOlderThan(oldest) ? oldest : Release.of(active.major(), active.minor());
    }
}
