package io.drawbridge.sync;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our data plane at a control plane that behaves as Kong's, at the frames; and at one that does not behave. */
class DataPlaneOfKongIT {
    private static final String SERVICE = "11111111-1111-4111-8111-111111111111";
    private static final String HASH = "0123456789abcdef0123456789abcdef";

    @TempDir
    private static Path files;

    private static ClusterTls tls;

    @TempDir
    private Path folder;

    private final UUID id = UUID.randomUUID();
    private final RecordingSink sink = new RecordingSink();
    private Vertx vertx;
    private FakeControlPlane kong;
    private DataPlane dataPlane;

    @BeforeAll
    static void certificates() throws IOException {
        HybridCertificate.make(files.resolve("cluster.crt"), files.resolve("cluster.key"), 10);
        tls = ClusterTls.shared(files.resolve("cluster.crt"), files.resolve("cluster.key"), List.of());
    }

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        kong = new FakeControlPlane(vertx, tls, 0);
        dataPlane = begin();
        Waiting.until(() -> !kong.pings.isEmpty());
    }

    @AfterEach
    void stop() throws Exception {
        dataPlane.stop().await(10, SECONDS);
        kong.close();
        vertx.close().await(10, SECONDS);
    }

    @Test
    void saysWhoItIs_andWhatItHas() throws Exception {
        assertThat(kong.requests)
                .containsExactly("/v1/outlet?node_id=" + id + "&node_hostname=dp-1&node_version=2.5.1");
        JsonObject hello = kong.told.get(0);
        assertThat(hello.getString("type")).isEqualTo("basic_info");
        assertThat(hello.getJsonArray("plugins"))
                .isEqualTo(new JsonArray()
                        .add(new JsonObject().put("name", "acl"))
                        .add(new JsonObject().put("name", "key-auth").put("version", "2.4.0")));
        assertThat(kong.pings.get(0)).isEqualTo("0".repeat(32));
        int pings = kong.pings.size();
        Waiting.until(() -> kong.pings.size() > pings + 1);
    }

    @Test
    void takesAConfigurationOver_andSaysSoByAPing() throws Exception {
        JsonObject route = route();
        route.put("service", SERVICE).put("ws_id", null);
        kong.send(zipped(config(HASH).put("routes", new JsonArray().add(route))));
        Waiting.until(() -> kong.lastPing().equals(HASH));
        ConfigSnapshot applied = sink.applied.get(0);
        Entity found = applied.all("routes").iterator().next();
        assertThat(found.reference("service")).isEqualTo(UUID.fromString(SERVICE));
        assertThat(applied.find("services", UUID.fromString(SERVICE))
                        .orElseThrow()
                        .get("retries"))
                .isEqualTo(5L);

        kong.send(zipped(config(HASH).put("routes", new JsonArray().add(route))));
        kong.send(zipped(config("f".repeat(32))));
        Waiting.until(() -> kong.lastPing().equals("f".repeat(32)));
        assertThat(sink.applied).as("the same again is not applied again").hasSize(2);
        assertThat(kong.told).as("nothing but a hello and pings").hasSize(1);
    }

    @Test
    void namesAConfigurationItself_ifNobodyDoes() throws Exception {
        kong.send(gzip(
                "{\"type\":\"reconfigure\"," + "\"config_table\":{\"_format_version\":\"2.1\",\"_transform\":false}}"));
        Waiting.until(() -> kong.lastPing().equals("53e51f3d6a25d2ff4808beb8be45ce8e"));
    }

    @Test
    void whatEndsInSomeSeconds_endsAtAMoment() throws Exception {
        JsonObject key = new JsonObject()
                .put("id", UUID.randomUUID().toString())
                .put("key", "secret")
                .put("ttl", 3600)
                .put("consumer", "22222222-2222-4222-8222-222222222222")
                .put("created_at", 1_600_000_000)
                .put("tags", null);
        JsonObject consumer = new JsonObject()
                .put("id", "22222222-2222-4222-8222-222222222222")
                .put("username", "bob")
                .put("created_at", 1_600_000_000);
        long before = Instant.now().getEpochSecond();
        kong.send(zipped(config(HASH)
                .put("keyauth_credentials", new JsonArray().add(key))
                .put("consumers", new JsonArray().add(consumer))
                .put("parameters", new JsonArray().add(new JsonObject().put("key", "cluster_id")))));
        Waiting.until(() -> sink.applied.size() == 1);
        Entity credential =
                sink.applied.get(0).all("keyauth_credentials").iterator().next();
        assertThat((Long) credential.get("ttl")).isBetween(before + 3600, before + 3620);
    }

    @Test
    void whatItCannotUse_changesNothing() throws Exception {
        kong.send(zipped(config(HASH)));
        Waiting.until(() -> kong.lastPing().equals(HASH));
        JsonObject service = service();
        refused(config("a").put("services", new JsonArray().add(service.copy().put("young", 1))), "young");
        refused(config("b").put("services", new JsonArray().add(service.copy().put("port", "no"))), "port");
        refused(config("c").put("vaults", new JsonArray().add(new JsonObject().put("id", SERVICE))), "vaults");
        refused(config("d").put("routes", new JsonArray().add(route().put("service", id.toString()))), "there is no");
        sink.refusing(snapshot -> snapshot.size() > 1);
        refused(config("e").put("routes", new JsonArray().add(route())), "does not compile");
        assertThat(sink.applied).hasSize(1);
        assertThat(dataPlane.state().refused()).isEqualTo(5);
        assertThat(dataPlane.state().digest()).isEqualTo(HASH);
        assertThat(dataPlane.state().connectedTo()).isPresent();

        kong.send(zipped(config("9".repeat(32))
                .put("services", new JsonArray().add(service.put("young", null).put("host", "b.example.com")))));
        Waiting.until(() -> kong.lastPing().equals("9".repeat(32)));
    }

    @Test
    void framesThatAreBroken_changeNothing() throws Exception {
        kong.send(zipped(config(HASH)));
        Waiting.until(() -> kong.lastPing().equals(HASH));
        Buffer good = zipped(config("a".repeat(32)));
        Buffer flipped = good.copy().setByte(good.length() / 2, (byte) (good.getByte(good.length() / 2) ^ 0x55));
        List<Buffer> broken = List.of(
                flipped,
                good.slice(0, good.length() - 20),
                Buffer.buffer("nonsense"),
                Buffer.buffer(new byte[100]),
                gzip("[]"),
                gzip("{\"type\":\"reconfigure\"}"),
                gzip("{\"type\":\"reconfigure\",\"config_hash\":\"short\",\"config_table\":{}}"),
                gzip("{\"type\":\"reconfigure\",\"config_table\":[1]}"),
                gzip("{\"type\":\"delta\",\"base\":\"" + HASH + "\"}"));
        for (int i = 0; i < broken.size(); i++) {
            long refused = i + 1L;
            kong.send(broken.get(i));
            Waiting.until(() -> dataPlane.state().refused() == refused);
        }
        assertThat(dataPlane.state().digest()).isEqualTo(HASH);
        kong.send(gzip("{\"type\":\"of tomorrow\"}"));
        kong.sendInPieces(good);
        Waiting.until(() -> kong.lastPing().equals("a".repeat(32)));
        assertThat(sink.applied).hasSize(2);
        assertThat(kong.requests).as("one connection").hasSize(1);
    }

    @Test
    void moreThanItTakes_isNotTaken() throws Exception {
        kong.send(zipped(config(HASH)));
        Waiting.until(() -> kong.lastPing().equals(HASH));
        kong.send(gzip("{\"type\":\"" + " ".repeat(3 * 1024 * 1024) + "\"}"));
        Waiting.until(() -> dataPlane
                .state()
                .refusal()
                .filter(refusal -> refusal.reason().contains("larger than this node takes"))
                .isPresent());
        kong.send(Buffer.buffer(new byte[70 * 1024]));
        Waiting.until(() -> kong.requests.size() == 2);
        assertThat(dataPlane.state().digest()).isEqualTo(HASH);
        Waiting.until(() -> dataPlane.state().connectedTo().isPresent());
        Waiting.until(() -> kong.lastPing().equals(HASH));
    }

    @Test
    void ofThoseThatComeMeanwhile_theNewestOnly() throws Exception {
        sink.hold();
        for (int i = 1; i <= 9; i++) {
            kong.send(zipped(config(String.valueOf(i).repeat(32))
                    .put("services", new JsonArray().add(service().put("port", i)))));
        }
        Waiting.until(() -> sink.held() == 1);
        Buffer last = zipped(config("e".repeat(32)).put("services", new JsonArray()));
        kong.send(last);
        kong.send(gzip("{\"type\":\"of tomorrow\"}"));
        kong.send(last);
        sink.release();
        Waiting.until(() -> kong.lastPing().equals("e".repeat(32)));
        assertThat(sink.applied.size()).isLessThan(5);
    }

    private void refused(JsonObject table, String reason) throws Exception {
        String digest = table.getString("hash").repeat(32);
        kong.send(zipped(table.put("hash", digest)));
        Waiting.until(() -> dataPlane
                .state()
                .refusal()
                .filter(refusal -> refusal.reason().contains(reason))
                .isPresent());
        int pings = kong.pings.size();
        Waiting.until(() -> kong.pings.size() > pings && kong.lastPing().equals(HASH));
    }

    private DataPlane begin() throws Exception {
        DataPlane plane = new DataPlane(
                vertx,
                DataPlaneOptions.defaults(
                                List.of(HostAndPort.create("127.0.0.1", kong.port())),
                                tls,
                                id,
                                "dp-1",
                                "2.5.1",
                                Map.of("key-auth", "2.4.0", "acl", ""),
                                folder)
                        .sizing(64 * 1024, 2 * 1024 * 1024)
                        .timing(
                                Duration.ofMillis(50),
                                Duration.ofMillis(200),
                                Duration.ofMillis(300),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(5)),
                sink);
        plane.start().await(10, SECONDS);
        return plane;
    }

    /* The name goes along in the table until it is a message. */
    private static JsonObject config(String hash) {
        return new JsonObject()
                .put("hash", hash)
                .put("_format_version", "2.1")
                .put("_transform", false)
                .put("services", new JsonArray().add(service()));
    }

    private static Buffer zipped(JsonObject table) throws IOException {
        JsonObject rest = table.copy();
        String hash = (String) rest.remove("hash");
        return gzip(new JsonObject()
                .put("type", "reconfigure")
                .put("timestamp", 1627557171.893)
                .put("config_table", rest)
                .put("config_hash", hash)
                .encode());
    }

    private static Buffer gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes());
        }
        return Buffer.buffer(bytes.toByteArray());
    }

    private static JsonObject service() {
        return new JsonObject()
                .put("id", SERVICE)
                .put("name", "s1")
                .put("host", "example.com")
                .put("port", 80)
                .put("protocol", "http")
                .put("retries", 5)
                .put("connect_timeout", 60000)
                .put("read_timeout", 60000)
                .put("write_timeout", 60000)
                .put("path", null)
                .put("tags", new JsonObject())
                .put("created_at", 1_600_000_000)
                .put("updated_at", 1_600_000_000);
    }

    private static JsonObject route() {
        return new JsonObject()
                .put("id", "33333333-3333-4333-8333-333333333333")
                .put("name", "r1")
                .put("paths", new JsonArray().add("/a"))
                .put("created_at", 1_600_000_000)
                .put("updated_at", 1_600_000_000);
    }
}
