package io.drawbridge.sync;

import static io.drawbridge.sync.Waiting.await;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.store.DataPlaneRow;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A control plane, and what is known of the one data plane at it. */
abstract class ControlPlaneFixture {
    @TempDir
    static Path files;

    static Path certificate;
    static Path key;

    final UUID id = UUID.randomUUID();
    final InMemoryDataPlanes table = new InMemoryDataPlanes();
    Vertx vertx;
    ControlPlane plane;

    @BeforeAll
    static void certificates() throws IOException {
        certificate = files.resolve("cluster.crt");
        key = files.resolve("cluster.key");
        HybridCertificate.make(certificate, key, 10);
    }

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        start(Unfit.WITHHOLD);
    }

    void start(Unfit unfit) {
        plane = new ControlPlane(
                vertx,
                SyncOptions.defaults("127.0.0.1", 0, ClusterTls.shared(certificate, key, List.of()), Configs.RELEASE)
                        .timing(Duration.ofMillis(400), Duration.ofSeconds(1), Duration.ofSeconds(5))
                        .unfit(unfit),
                table);
        await(plane.start());
    }

    @AfterEach
    void stop() throws Exception {
        await(plane.stop());
        await(vertx.close());
    }

    DataPlaneRow row() {
        return table.rows.getOrDefault(id, new DataPlaneRow(id, "", "", "", "", "", 0, 0));
    }

    String state() {
        JsonObject details = await(plane.details()).get(id);
        return details == null ? "" : details.getString("state");
    }

    /** As it came from a database: nobody looked whether it is valid. */
    static Entity raw(String type, Map<String, Object> values) {
        return new Entity(Configs.TYPES.get(type), new HashMap<>(values));
    }
}
