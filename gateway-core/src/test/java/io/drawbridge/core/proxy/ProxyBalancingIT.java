package io.drawbridge.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.entity.Entity;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProxyBalancingIT {
    private static final String GET = "GET / HTTP/1.1\nHost: a\n\n";

    private Gateway gateway;

    @BeforeEach
    void start() {
        gateway = Gateway.start(options -> options.within(ProxyLimits.defaults()
                .waiting(Duration.ofSeconds(60), Duration.ofSeconds(75), Duration.ofMillis(300))));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private String ask(String request) throws IOException {
        try (Wire wire = Wire.to(gateway.port())) {
            return wire.send(request).answer();
        }
    }

    /** A server that says who it is. */
    private int named(String name) {
        return gateway.upstream(request -> request.response()
                .putHeader("X-Host", String.valueOf(request.getHeader("Host")))
                .end(name));
    }

    private static Entity target(Entity upstream, String address, long weight, double created) {
        return Gateway.entity(
                "targets",
                Map.of(
                        "upstream",
                        Gateway.reference(upstream),
                        "target",
                        address,
                        "weight",
                        weight,
                        "created_at",
                        created));
    }

    /** A port at which nobody listens. */
    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Entity balanced(Map<String, Object> upstream, Map<String, Object> service) {
        Map<String, Object> values = new HashMap<>(upstream);
        values.put("name", "shops");
        Entity made = Gateway.entity("upstreams", values);
        gateway.configure(made);
        Map<String, Object> to = new HashMap<>(service);
        to.put("host", "shops");
        gateway.serve(80, to);
        return made;
    }

    @Test
    void targets_shareByWeight_theNewestRowOfAnAddressCounts() throws Exception {
        int one = named("one");
        int two = named("two");
        int three = named("three");
        Entity upstream = balanced(Map.of("algorithm", "round-robin"), Map.of());
        gateway.configure(
                target(upstream, "127.0.0.1:" + one, 100, 1),
                target(upstream, "127.0.0.1:" + two, 10, 1),
                target(upstream, "127.0.0.1:" + two, 300, 2),
                target(upstream, "127.0.0.1:" + three, 500, 1),
                target(upstream, "127.0.0.1:" + three, 0, 2));
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < 80; i++) {
            String answer = ask(GET);
            seen.merge(answer.substring(answer.indexOf("\n\n") + 2), 1, Integer::sum);
        }
        assertThat(seen).isEqualTo(Map.of("one", 20, "two", 60));
        assertThat(gateway.runtime.notes()).isEmpty();
        assertThat(ask(GET)).containsPattern("(?i)x-host: 127.0.0.1:(" + one + "|" + two + ")\n");
    }

    @Test
    void targets_none_isUnavailable_andHostHeaderIsSent() throws Exception {
        Entity upstream = balanced(Map.of("host_header", "shop.example", "algorithm", "least-connections"), Map.of());
        assertThat(ask(GET))
                .startsWith("HTTP/1.1 503 ")
                .endsWith("{\"message\":\"failure to get a peer from the ring-balancer\"}");
        gateway.configure(target(upstream, "localhost:" + named("one"), 1, 1));
        assertThat(ask(GET)).containsIgnoringCase("\nx-host: shop.example\n").endsWith("one");
        assertThat(gateway.runtime.notes()).singleElement().asString().contains("shops", "least-connections");
    }

    @Test
    void target_refusesConnections_theNextOneIsAsked() throws Exception {
        Entity upstream = balanced(Map.of(), Map.of("retries", 1L));
        gateway.configure(
                target(upstream, "127.0.0.1:" + closedPort(), 1000, 1),
                target(upstream, "127.0.0.1:" + named("up"), 1, 1));
        for (int i = 0; i < 20; i++) {
            assertThat(ask("POST / HTTP/1.1\nHost: a\nContent-Length: 5\n\nhello"))
                    .endsWith("\n\nup");
        }
    }

    @Test
    void service_thatIsNotThere_isABadGateway() throws Exception {
        gateway.serve(closedPort(), Map.of("retries", 3L));
        assertThat(ask(GET))
                .startsWith("HTTP/1.1 502 ")
                .endsWith("{\"message\":\"An invalid response was received from the upstream server\"}");
    }

    @Test
    void name_unknown_isUnavailable() throws Exception {
        gateway.serve(80, Map.of("host", "nowhere.invalid", "retries", 1L));
        assertThat(ask(GET)).startsWith("HTTP/1.1 503 ").endsWith("{\"message\":\"name resolution failed\"}");
    }

    @Test
    void connection_notAccepted_timesOut() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            for (int i = 0; i < 3; i++) {
                Socket socket = new Socket();
                waiting.add(socket);
                try {
                    socket.connect(full.getLocalSocketAddress(), 100);
                } catch (IOException nowFull) {
                    break;
                }
            }
            gateway.serve(full.getLocalPort(), Map.of("retries", 1L, "connect_timeout", 200L));
            assertThat(ask(GET))
                    .startsWith("HTTP/1.1 504 ")
                    .endsWith("{\"message\":\"The upstream server is timing out\"}");
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void answer_thatNeverComes_timesOut_once() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        int port = gateway.upstream(request -> asked.incrementAndGet());
        gateway.serve(port, Map.of("retries", 5L, "read_timeout", 300L));
        assertThat(ask(GET)).startsWith("HTTP/1.1 504 ");
        assertThat(asked).hasValue(1);
        assertThat(ask("POST / HTTP/1.1\nHost: a\nContent-Length: 5\n\nhello")).startsWith("HTTP/1.1 504 ");
    }

    @Test
    void body_thatTheServiceDoesNotTake_timesOut() throws Exception {
        int port = gateway.upstream(request -> request.pause());
        gateway.serve(port, Map.of("write_timeout", 300L, "read_timeout", 60_000L));
        try (Wire wire = Wire.to(gateway.port())) {
            wire.send("POST / HTTP/1.1\nHost: a\nContent-Length: 99000000\n\n");
            Thread writer = new Thread(() -> {
                try {
                    for (int i = 0; i < 1000; i++) {
                        wire.send("x".repeat(99_000));
                    }
                } catch (IOException refused) {
                    /* As it should be. */
                }
            });
            writer.start();
            assertThat(wire.head()).startsWith("HTTP/1.1 504 ");
            writer.join(10_000);
            assertThat(writer.isAlive()).isFalse();
        }
    }

    @Test
    void body_thatTheClientDoesNotSend_timesOut() throws Exception {
        int port = gateway.upstream(
                request -> request.body().onSuccess(all -> request.response().end()));
        gateway.serve(port, Map.of());
        try (Wire wire = Wire.to(gateway.port())) {
            wire.send("POST / HTTP/1.1\nHost: a\nContent-Length: 5\n\nhe");
            assertThat(wire.answer()).startsWith("HTTP/1.1 408 ");
            assertThat(wire.isClosed()).isTrue();
        }
    }

    @Test
    void answer_beforeTheBodyIsThere_isPassedOn_andTheConnectionUsable() throws Exception {
        gateway.serve(named("up"), Map.of());
        try (Wire wire = Wire.to(gateway.port())) {
            for (int i = 0; i < 3; i++) {
                wire.send("POST / HTTP/1.1\nHost: a\nContent-Length: 5\n\nhe");
                assertThat(wire.answer()).endsWith("\n\nup");
                wire.send("llo");
            }
            wire.send("POST / HTTP/1.1\nHost: a\nContent-Length: 5000000\n\nhe");
            assertThat(wire.answer()).endsWith("\n\nup");
            assertThat(wire.isClosed()).isTrue();
        }
    }

    @Test
    void keptConnection_closedByTheService_costsNoRequest() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        AtomicInteger posts = new AtomicInteger();
        NetServer server = gateway.vertx.createNetServer().connectHandler(socket -> {
            connections.incrementAndGet();
            int[] requests = {0};
            socket.handler(data -> {
                if (data.toString().startsWith("POST")) {
                    posts.incrementAndGet();
                }
                if (requests[0]++ == 0) {
                    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                } else {
                    socket.close();
                }
            });
        });
        gateway.serve(Gateway.await(server.listen(0, "127.0.0.1")).actualPort(), Map.of("retries", 5L));
        for (int i = 0; i < 20; i++) {
            assertThat(ask(GET)).startsWith("HTTP/1.1 200 ");
        }
        assertThat(connections.get()).isGreaterThan(1);
        posts.set(0);
        int refused = 0;
        for (int i = 0; i < 20; i++) {
            refused += ask("POST / HTTP/1.1\nHost: a\nContent-Length: 1\n\nx").startsWith("HTTP/1.1 502 ") ? 1 : 0;
        }
        assertThat(posts).as("no POST is sent twice").hasValue(20);
        assertThat(refused).isGreaterThan(0);
        Gateway.await(server.close());
    }
}
