package io.drawbridge.sync;

import static io.drawbridge.sync.Waiting.await;
import static io.drawbridge.sync.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many data planes, and a few that are slow, dead or mad, on real sockets. */
class FleetIT {
    private static final String URI = "/v1/outlet?node_hostname=dp&node_version=2.5.1&node_id=";

    @TempDir
    private static Path files;

    private static Path certificate;
    private static Path key;

    private Vertx vertx;
    private volatile ControlPlane plane;

    @BeforeAll
    static void certificates() throws IOException {
        certificate = files.resolve("cluster.crt");
        key = files.resolve("cluster.key");
        HybridCertificate.make(certificate, key, 10);
    }

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        begin(Configs.of(1), Duration.ofSeconds(45));
    }

    @AfterEach
    void stop() {
        await(plane.stop());
        await(vertx.close());
    }

    @Test
    void allControlPlanesRestart_nothingIsSentAgain() throws Exception {
        ConfigSnapshot config = Configs.of(500);
        await(plane.stop());
        begin(config, Duration.ofSeconds(45));
        try (Swarm swarm = new Swarm(certificate, key)) {
            IntSupplier port = () -> plane.port();
            for (int i = 0; i < 200; i++) {
                swarm.add("2.5.1", port);
            }
            until(() -> swarm.allHave(config.digest()));
            assertThat(swarm.planes()).allMatch(each -> each.payloads == 1);

            await(plane.stop());
            begin(config, Duration.ofSeconds(45));
            until(() -> states("acked") == 200);

            assertThat(swarm.planes()).allMatch(each -> each.connections >= 2 && each.payloads == 1);
            ConfigSnapshot next = Configs.changed(config, 1, "other");
            await(plane.apply(next));
            until(() -> swarm.allHave(next.digest()));
            assertThat(swarm.planes()).allMatch(each -> each.payloads == 2);
        }
    }

    @Test
    void whoReadsSlowly_delaysNobody_andHasNoQueueOfFrames() throws Exception {
        List<FakeDataPlane> slow = new ArrayList<>();
        try (Swarm swarm = new Swarm(certificate, key)) {
            swarm.add("2.5.1", plane::port);
            until(() -> states("acked") == 1);
            ConfigSnapshot config = large(0);
            await(plane.apply(config));
            for (int i = 0; i < 3; i++) {
                FakeDataPlane one = FakeDataPlane.open(plane.port(), certificate, key, 4096);
                slow.add(one);
                one.upgrade(URI + new UUID(9, i));
                one.hello(FakeDataPlane.PLUGINS);
                one.ping(FakeDataPlane.NOTHING);
            }
            for (int i = 1; i <= 5; i++) {
                ConfigSnapshot next = large(i);
                await(plane.apply(next));
                until(() -> swarm.allHave(next.digest()));
            }
            until(() -> states("silent") == 3);
            for (FakeDataPlane one : slow) {
                int frames = 1;
                String has = one.nextData().message().getString("config_hash");
                while (!has.equals(large(5).digest())) {
                    one.ping(has);
                    has = one.nextData().message().getString("config_hash");
                    frames++;
                }
                assertThat(frames)
                        .as("one in the system's buffers, one that waited, the newest")
                        .isLessThanOrEqualTo(3);
            }
        } finally {
            for (FakeDataPlane one : slow) {
                one.close();
            }
        }
    }

    @Test
    void whoIsGoneWithoutAWord_isForgotten() throws Exception {
        await(plane.stop());
        begin(Configs.of(1), Duration.ofSeconds(3));
        FakeDataPlane dead = FakeDataPlane.open(plane.port(), certificate, key);
        dead.upgrade(URI + UUID.randomUUID());
        dead.hello(FakeDataPlane.PLUGINS);
        dead.ping(FakeDataPlane.NOTHING);
        until(() -> !await(plane.details()).isEmpty());
        until(() -> await(plane.details()).isEmpty());
        FakeDataPlane mute = FakeDataPlane.open(plane.port(), certificate, key);
        mute.upgrade(URI + UUID.randomUUID());
        assertThat(ends(mute)).as("without a hello").isTrue();
        mute.close();
        dead.close();
    }

    @Test
    void framesThatAreNone_endTheConnectionAndNothingElse() throws Exception {
        byte[] hello = "{\"type\":\"basic_info\",\"plugins\":[]}".getBytes();
        List<byte[]> first = List.of(
                frame(0x02, hello),
                frame(0x80, hello),
                frame(0x81, hello),
                frame(0xf2, hello),
                new byte[] {(byte) 0x82, 4, 'n', 'o', 'n', 'e'},
                new byte[] {(byte) 0x82, (byte) 255, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                new byte[] {(byte) 0x89, (byte) 254, 1, 0, 0, 0, 0, 0});
        for (byte[] each : first) {
            try (FakeDataPlane mad = FakeDataPlane.open(plane.port(), certificate, key)) {
                mad.upgrade(URI + UUID.randomUUID());
                mad.raw(each);
                assertThat(ends(mad)).isTrue();
            }
        }
        try (FakeDataPlane mad = FakeDataPlane.open(plane.port(), certificate, key)) {
            mad.upgrade(URI + UUID.randomUUID());
            mad.send(2, "{}".getBytes());
            mad.send(2, hello);
            assertThat(ends(mad)).as("a hello after something else").isTrue();
            assertThat(await(plane.details())).isEmpty();
        }
        try (FakeDataPlane patient = FakeDataPlane.open(plane.port(), certificate, key)) {
            patient.upgrade(URI + UUID.randomUUID());
            patient.ping(FakeDataPlane.NOTHING);
            patient.send(2, hello);
            patient.send(2, hello);
            patient.send(1, "text".getBytes());
            patient.raw(frame(0x02, hello));
            patient.raw(frame(0x80, hello));
            assertThat(patient.nextData().message().getString("type")).isEqualTo("reconfigure");
        }
    }

    /* Either a close frame or the end; within 5 s. */
    private static boolean ends(FakeDataPlane plane) {
        try {
            return plane.nextData().isClose();
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException end) {
            return true;
        }
    }

    private static byte[] frame(int first, byte[] data) {
        byte[] frame = new byte[data.length + 6];
        frame[0] = (byte) first;
        frame[1] = (byte) (0x80 | data.length);
        System.arraycopy(data, 0, frame, 6, data.length);
        return frame;
    }

    /** Some 700 kB that cannot be compressed. */
    private static ConfigSnapshot large(int number) {
        Random random = new Random(number);
        List<Entity> all = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            byte[] noise = new byte[400];
            random.nextBytes(noise);
            all.add(Configs.entity(
                    "services",
                    Map.of(
                            "id",
                            new UUID(3, i).toString(),
                            "host",
                            "example.com",
                            "path",
                            "/" + HexFormat.of().formatHex(noise))));
        }
        return ConfigSnapshot.of(new Changes.Position("one", number), all);
    }

    private void begin(ConfigSnapshot config, Duration idle) {
        ControlPlane next = new ControlPlane(
                vertx,
                SyncOptions.defaults("127.0.0.1", 0, ClusterTls.shared(certificate, key, List.of()), Configs.RELEASE)
                        .timing(Duration.ofSeconds(1), Duration.ofSeconds(60), idle),
                new InMemoryDataPlanes());
        await(next.start());
        await(next.apply(config));
        plane = next;
    }

    private long states(String state) {
        return await(plane.details()).values().stream()
                .filter(details -> details.getString("state").equals(state))
                .count();
    }
}
