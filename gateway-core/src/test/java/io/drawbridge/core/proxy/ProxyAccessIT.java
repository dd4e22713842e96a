package io.drawbridge.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.proxy.plugin.PluginKind;
import io.drawbridge.core.proxy.plugin.builtin.BuiltIn;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets in, and as whom, with the built-in plugins before a service. */
class ProxyAccessIT {
    private static final Entity ALICE = Gateway.entity("consumers", Map.of("username", "alice"));
    private static final Entity KEY =
            Gateway.entity("keyauth_credentials", Map.of("key", "s3cret", "consumer", Gateway.reference(ALICE)));
    private static final Entity STAFF =
            Gateway.entity("acls", Map.of("group", "staff", "consumer", Gateway.reference(ALICE)));

    private static Gateway gateway;
    private static StrictUpstream upstream;

    @BeforeAll
    static void start() {
        gateway = Gateway.start(
                options -> options,
                BuiltIn.kinds(InstantSource.system(), new SimpleMeterRegistry()).toArray(PluginKind[]::new));
        upstream = new StrictUpstream();
        Entity service = Gateway.service(upstream.port(), Map.of());
        Entity guarded = Gateway.route(service, Map.of("paths", List.of("/admin"), "strip_path", false));
        Entity open = Gateway.route(service, Map.of("paths", List.of("/"), "strip_path", false));
        gateway.configure(
                service,
                guarded,
                open,
                ALICE,
                KEY,
                STAFF,
                on(guarded, "key-auth", Map.of("key_names", List.of("apikey"), "hide_credentials", true)),
                on(guarded, "acl", Map.of("allow", List.of("staff"))));
    }

    private static Entity on(Entity route, String name, Map<String, Object> config) {
        return Gateway.entity(
                "plugins",
                Map.of(
                        "name",
                        name,
                        "route",
                        Gateway.reference(route),
                        "config",
                        config,
                        "enabled",
                        true,
                        "protocols",
                        List.of("http", "https", "grpc", "grpcs")));
    }

    @AfterAll
    static void stop() throws IOException {
        upstream.close();
        gateway.close();
    }

    @BeforeEach
    void forget() {
        upstream.forget();
    }

    private static String get(String path, String... headers) throws IOException {
        try (Wire wire = Wire.to(gateway.port())) {
            String lines = headers.length == 0 ? "" : String.join("\n", headers) + "\n";
            return wire.send("GET " + path + " HTTP/1.1\nHost: x\nConnection: close\n" + lines + "\n")
                    .rest();
        }
    }

    @Test
    void guardedPath_writtenOtherwise_staysGuarded() throws Exception {
        for (String path : List.of(
                "/admin",
                "/admin/x",
                "//admin",
                "///admin//x",
                "/%61dmin",
                "/%61%64%6d%69%6E",
                "/./admin",
                "/x/../admin",
                "/x/%2e%2e/admin",
                "/x/%2E./admin",
                "/x/y/../../admin/z",
                "/../admin",
                "/x//../admin",
                "/admin?x=/../open",
                "/admin#/../open",
                "/admin/..%2fopen",
                "http://x/admin",
                "http://x//admin",
                "http://elsewhere/%61dmin")) {
            assertThat(get(path)).as(path).startsWith("HTTP/1.1 401 ");
        }
        assertThat(upstream.seen()).isEmpty();
        /* What this node and the service both take for another path is another path. */
        for (String path : List.of("/ADMIN", "/open/admin", "/x;/admin", "/%2561dmin", "/admi")) {
            assertThat(get(path)).as(path).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void openPath_thatClimbs_isSentOnAsItWasUnderstood() throws Exception {
        assertThat(get("/admin/../open")).startsWith("HTTP/1.1 200 ");
        assertThat(get("/admin/%2e%2e/open")).startsWith("HTTP/1.1 200 ");
        assertThat(upstream.seen()).allMatch(seen -> seen.startsWith("GET /open HTTP/1.1\r\n"));
    }

    @Test
    void caller_isToldToTheService_whateverTheClientClaims() throws Exception {
        String told = get(
                "/admin",
                "apikey: s3cret",
                "X-Consumer-Username: root",
                "x-consumer-id: 1",
                "X_Consumer_Username: root",
                "X-Consumer-Groups: wheel",
                "X-Anonymous-Consumer: true",
                "Connection: X-Consumer-Username, X-Consumer-Groups");
        assertThat(told).startsWith("HTTP/1.1 200 ");
        assertThat(upstream.seen().get(0))
                .containsIgnoringCase("X-Consumer-Username: alice\r\n")
                .containsIgnoringCase("X-Consumer-Groups: staff\r\n")
                .doesNotContain("root", "wheel", "Anonymous", "s3cret");
    }

    @Test
    void key_hiddenInTheQuery_isNotSentOn() throws Exception {
        assertThat(get("/admin?a=1&apikey=s3cret&b=2")).startsWith("HTTP/1.1 200 ");
        assertThat(get("/admin?apikey=s3cret")).startsWith("HTTP/1.1 200 ");
        assertThat(upstream.seen().get(0)).startsWith("GET /admin?a=1&b=2 HTTP/1.1\r\n");
        assertThat(upstream.seen().get(1)).startsWith("GET /admin HTTP/1.1\r\n");
    }

    @Test
    void key_saidMoreThanOnce_isRefused() throws Exception {
        assertThat(get("/admin", "apikey: s3cret", "apikey: s3cret")).startsWith("HTTP/1.1 401 ");
        assertThat(get("/admin?apikey=x&apikey=s3cret")).startsWith("HTTP/1.1 401 ");
        assertThat(get("/admin?apikey=s3cret", "apikey: wrong")).startsWith("HTTP/1.1 401 ");
        assertThat(get("/admin", "Connection: apikey", "apikey: wrong")).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void head_refused_hasNoBody_andTheNextAnswerIsItsOwn() throws Exception {
        try (Wire wire = Wire.to(gateway.port())) {
            wire.send("HEAD /admin HTTP/1.1\nHost: x\n\nGET /open HTTP/1.1\nHost: x\nConnection: close\n\n");
            String told = wire.rest();
            assertThat(told)
                    .startsWith("HTTP/1.1 401 ")
                    .doesNotContain("No API key")
                    .contains("HTTP/1.1 200 ");
        }
    }

    @Test
    void head_tooLargeOrMalformed_isRefusedBeforeAnything() throws Exception {
        assertThat(get("/admin", "X: " + "a".repeat(40_000))).startsWith("HTTP/1.1 431 ");
        assertThat(get("/" + "a".repeat(20_000))).matches("(?s)HTTP/1.[01] 414 .*");
        try (Wire wire = Wire.to(gateway.port())) {
            assertThat(wire.send("\u0016\u0003GARBAGE\n\n").rest()).matches("(?s)HTTP/1.[01] 400 .*");
        }
        assertThat(upstream.seen()).isEmpty();
    }

    @Test
    void consumer_deletedWhileRequestsRun_isOutAsSoonAsThatIsInForce() throws Exception {
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        AtomicBoolean running = new AtomicBoolean(true);
        /* Odd while the consumer is out. */
        AtomicInteger epoch = new AtomicInteger();
        AtomicLong let = new AtomicLong();
        CountDownLatch ended = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            new Thread(() -> {
                        try (Wire wire = Wire.to(gateway.port())) {
                            while (running.get()) {
                                int before = epoch.get();
                                String told = wire.send("GET /admin HTTP/1.1\nHost: x\napikey: s3cret\n\n")
                                        .answer();
                                if (told.startsWith("HTTP/1.1 200 ")) {
                                    let.incrementAndGet();
                                }
                                boolean out = before % 2 == 1 && epoch.get() == before;
                                if (!told.matches(out ? "(?s)HTTP/1.1 401 .*" : "(?s)HTTP/1.1 (200|401) .*")) {
                                    wrong.add(told);
                                }
                            }
                        } catch (IOException broken) {
                            wrong.add(broken.toString());
                        } finally {
                            ended.countDown();
                        }
                    })
                    .start();
        }
        try {
            for (int round = 0; round < 20; round++) {
                long before = let.get();
                long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
                while (let.get() < before + 20 && System.nanoTime() < limit) {
                    Thread.onSpinWait();
                }
                assertThat(let.get()).isGreaterThanOrEqualTo(before + 20);
                gateway.remove(round % 2 == 0 ? ALICE : KEY);
                epoch.incrementAndGet();
                assertThat(get("/admin", "apikey: s3cret")).startsWith("HTTP/1.1 401 ");
                epoch.incrementAndGet();
                gateway.configure(ALICE, KEY);
            }
        } finally {
            running.set(false);
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(wrong).isEmpty();
    }
}
