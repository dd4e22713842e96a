package io.drawbridge.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.proxy.plugin.Exchange;
import io.drawbridge.core.proxy.plugin.Plugin;
import io.drawbridge.core.proxy.plugin.PluginKind;
import io.drawbridge.core.proxy.plugin.Verdict;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProxyReloadIT {
    private static final String GET = "GET / HTTP/1.1\nHost: a\n\n";

    /** A plugin that reads the whole body, says so, and notes what it was told at the end. */
    private static final class Reader implements PluginKind {
        private final List<Promise<Exchange>> ends =
                List.of(Promise.promise(), Promise.promise(), Promise.promise(), Promise.promise());
        private final AtomicInteger logged = new AtomicInteger();
        private final AtomicInteger created = new AtomicInteger();

        /** The n-th request, when it is over. */
        Future<Exchange> ended(int n) {
            return ends.get(n - 1).future();
        }

        @Override
        public String name() {
            return "correlation-id";
        }

        @Override
        public String version() {
            return "1.0.0";
        }

        @Override
        public int priority() {
            return 1;
        }

        @Override
        public Plugin create(Entity configured) {
            created.incrementAndGet();
            return new Plugin() {
                @Override
                public Future<Verdict> access(Exchange exchange) {
                    return exchange.body().compose(body -> {
                        exchange.headers().set("X-Length", String.valueOf(body.length()));
                        exchange.responseHeaders().set("X-Added", "by plugin");
                        exchange.query("changed");
                        return body.length() == 3
                                ? Verdict.refuse(418, "three", Map.of("X-Why", "three"))
                                : Verdict.PASS;
                    });
                }

                @Override
                public void response(Exchange exchange) {
                    exchange.responseHeaders().set("X-Status", String.valueOf(exchange.status()));
                }

                @Override
                public void log(Exchange exchange) {
                    ends.get(logged.getAndIncrement()).complete(exchange);
                }
            };
        }
    }

    private final Reader reader = new Reader();
    private Gateway gateway;

    @BeforeEach
    void start() {
        gateway = Gateway.start(options -> options, reader);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void configChanging_underLoad_noRequestFailsAndNoConnectionIsDropped() throws Exception {
        int port = gateway.upstream(request -> request.response().end("ok"));
        Entity upstream = Gateway.entity("upstreams", Map.of("name", "shops"));
        gateway.configure(upstream, target(upstream, port));
        gateway.serve(80, Map.of("host", "shops"));
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        List<String> wrong = new ArrayList<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread client = new Thread(() -> {
                try (Wire wire = Wire.to(gateway.port())) {
                    while (!enough.get()) {
                        String answer = wire.send(GET).answer();
                        if (!answer.startsWith("HTTP/1.1 200 ") || !answer.endsWith("ok")) {
                            throw new IOException(answer);
                        }
                        answered.incrementAndGet();
                    }
                } catch (IOException failure) {
                    synchronized (wrong) {
                        wrong.add(failure.toString());
                    }
                }
            });
            client.start();
            clients.add(client);
        }
        Certified made = Certified.alone("shop.example");
        for (int i = 0; i < 60; i++) {
            Entity service = Gateway.service(port, Map.of("host", i % 2 == 0 ? "shops" : "127.0.0.1"));
            Entity certificate = Gateway.entity("certificates", Map.of("cert", made.certificate(), "key", made.key()));
            Entity other = Gateway.route(service, Map.of("paths", List.of("/other" + i)));
            gateway.configure(service, other, certificate);
            gateway.serve(port, Map.of("host", i % 2 == 0 ? "127.0.0.1" : "shops"));
            gateway.configure(target(upstream, port));
            int before = answered.get();
            while (answered.get() < before + 20 && wrong.isEmpty()) {
                Thread.onSpinWait();
            }
            gateway.remove(other, certificate);
        }
        enough.set(true);
        for (Thread client : clients) {
            client.join(10_000);
        }
        assertThat(wrong).isEmpty();
        assertThat(answered.get()).isGreaterThan(1000);
    }

    private static Entity target(Entity upstream, int port) {
        return Gateway.entity(
                "targets",
                Map.of("upstream", Gateway.reference(upstream), "target", "127.0.0.1:" + port, "weight", 10L));
    }

    @Test
    void requestInFlight_finishesOnTheConfigurationItBeganWith() throws Exception {
        Promise<HttpServerRequest> arrived = Promise.promise();
        gateway.serve(gateway.upstream(arrived::tryComplete), Map.of());
        Entity plugin = plugin();
        gateway.configure(plugin);
        try (Wire wire = Wire.to(gateway.port())) {
            wire.send(GET);
            HttpServerRequest request = Gateway.await(arrived.future());
            gateway.remove(plugin);
            gateway.serve(gateway.upstream(other -> other.response().end("new")), Map.of());
            request.response().end("old");
            assertThat(wire.answer()).contains("X-Status: 200").endsWith("old");
            assertThat(wire.send(GET).answer()).doesNotContain("X-Status").endsWith("new");
        }
    }

    private static Entity plugin() {
        return Gateway.entity(
                "plugins",
                Map.of(
                        "name",
                        "correlation-id",
                        "enabled",
                        true,
                        "protocols",
                        List.of("grpc", "grpcs", "http", "https"),
                        "config",
                        Map.of()));
    }

    @Test
    void plugin_readsAndChangesRequestAndAnswer() throws Exception {
        gateway.serve(
                gateway.upstream(request -> request.body()
                        .onSuccess(body -> request.response()
                                .putHeader("X-Added", "by service")
                                .end(request.uri() + " " + request.getHeader("X-Length") + " " + body))),
                Map.of());
        gateway.configure(plugin());
        try (Wire wire = Wire.to(gateway.port())) {
            assertThat(wire.send("POST /x?y HTTP/1.1\nHost: a\nContent-Length: 5\n\nhello")
                            .answer())
                    .contains("X-Added: by plugin\n", "X-Status: 200\n")
                    .doesNotContain("by service")
                    .endsWith("/x?changed 5 hello");
            assertThat(wire.send("POST /x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n")
                            .answer())
                    .endsWith("/x?changed 5 hello");
            assertThat(wire.send("POST / HTTP/1.1\nHost: a\nContent-Length: 3\n\nabc")
                            .answer())
                    .startsWith("HTTP/1.1 418 ")
                    .contains("X-Why: three\n", "X-Status: 418\n", "X-Added: by plugin\n")
                    .endsWith("{\"message\":\"three\"}");
            assertThat(wire.send(GET).answer()).endsWith("/?changed 0 ");
        }
        Exchange last = Gateway.await(reader.ended(4));
        assertThat(last.status()).isEqualTo(200);
        assertThat(last.bytesOut()).isEqualTo("/?changed 0 ".length());
        assertThat(last.upstreamNanos()).isPositive();
        gateway.configure(Gateway.entity("consumers", Map.of("username", "alice")));
        assertThat(reader.created).as("what has not changed is not made again").hasValue(1);
    }

    @Test
    void stop_requestsInFlightEnd_newConnectionsAreRefused() throws Exception {
        Promise<HttpServerRequest> arrived = Promise.promise();
        gateway.serve(gateway.upstream(arrived::tryComplete), Map.of());
        int port = gateway.port();
        try (Wire wire = Wire.to(port);
                Wire idle = Wire.to(port)) {
            wire.send(GET);
            HttpServerRequest request = Gateway.await(arrived.future());
            Future<Void> stopped = gateway.runtime.stop(Duration.ofSeconds(9));
            assertThat(idle.isClosed()).isTrue();
            assertThatThrownBy(() -> Wire.to(port)).isInstanceOf(IOException.class);
            assertThat(stopped.isComplete()).isFalse();
            request.response().end("last");
            assertThat(wire.answer()).endsWith("last");
            Gateway.await(stopped);
        }
    }

    @Test
    void start_portTaken_failsAndLeavesNothingOpen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            ProxyRuntime second = new ProxyRuntime(
                    gateway.vertx,
                    ProxyOptions.defaults(
                            List.of(Gateway.PLAIN, new Listener("127.0.0.1", taken.getLocalPort(), false, false)), "p"),
                    List.of(),
                    new SimpleMeterRegistry());
            assertThatThrownBy(() -> Gateway.await(second.start())).isNotInstanceOf(AssertionError.class);
            Gateway.await(second.stop(Duration.ZERO));
        }
    }

    @Test
    void current_isTheNewestInForce() {
        assertThat(gateway.runtime.current()).isEmpty();
        ConfigSnapshot newest = ConfigSnapshot.empty();
        Gateway.await(gateway.runtime.apply(newest));
        assertThat(gateway.runtime.current()).containsSame(newest);
        assertThat(gateway.runtime.ports()).hasSize(3).allMatch(port -> port > 0);
    }
}
