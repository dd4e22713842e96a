package io.drawbridge.core.store.postgres;

import static io.drawbridge.core.store.GatewayDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.store.DataPlaneRow;
import io.drawbridge.core.store.GatewayDatabase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class PostgresDataPlanesIT {
    private static final long DAYS_14 = 1_209_600;

    @Test
    void whatWasSeenLastIsKept_untilItsTimeIsOver() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (GatewayDatabase database = GatewayDatabase.at(GatewayDatabase.NEWEST)) {
            PostgresDataPlanes planes = new PostgresDataPlanes(vertx, database.connect());
            DataPlaneRow one = row(1, "unknown", DAYS_14);
            DataPlaneRow two = row(2, "normal", DAYS_14);
            await(planes.seen(List.of(two, one)));
            await(planes.seen(List.of(row(1, "normal", DAYS_14))));

            List<DataPlaneRow> all = await(planes.page(null, 10));
            assertThat(all).extracting(DataPlaneRow::id).containsExactly(one.id(), two.id());
            DataPlaneRow found = all.get(0);
            assertThat(found.status()).isEqualTo("normal");
            assertThat(found.ttl()).isBetween(DAYS_14 - 10, DAYS_14);
            assertThat(found.lastSeen())
                    .isBetween(System.currentTimeMillis() / 1000 - 60, System.currentTimeMillis() / 1000 + 60);
            assertThat(await(planes.page(one.id(), 10)))
                    .extracting(DataPlaneRow::id)
                    .containsExactly(two.id());
            assertThat(await(planes.page(null, 1))).hasSize(1);

            database.sql()
                    .execute("UPDATE clustering_data_planes SET ttl = clock_timestamp() - interval '1 s' WHERE id = '"
                            + one.id() + "'");
            assertThat(await(planes.page(null, 10))).hasSize(1);
            await(planes.purge());
            assertThat(database.sql().query("SELECT id FROM clustering_data_planes"))
                    .containsExactly(two.id().toString());
            await(planes.close());
        } finally {
            await(vertx.close());
        }
    }

    private static DataPlaneRow row(int number, String status, long ttl) {
        return new DataPlaneRow(new UUID(1, number), "host", "127.0.0.1", "0".repeat(32), "2.5.1", status, 0, ttl);
    }
}
