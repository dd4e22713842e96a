package io.drawbridge.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.core.entity.Entity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.net.NetServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProxyStreamingIT {
    private static final long LARGE = 64L * 1024 * 1024;

    private static Gateway gateway;
    private static HttpClient http1;
    private static HttpClient http2;

    @BeforeAll
    static void start() {
        gateway = Gateway.start(options -> options.within(ProxyLimits.defaults()
                .waiting(Duration.ofSeconds(60), Duration.ofMillis(700), Duration.ofMillis(700))));
        http1 = gateway.vertx.createHttpClient();
        http2 = gateway.vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static Future<HttpClientRequest> request(HttpClient client, HttpMethod method, String uri) {
        return client.request(new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(client == http1 ? gateway.port() : gateway.h2cPort())
                .setMethod(method)
                .setURI(uri));
    }

    private static void sendLarge(HttpServerRequest request) {
        Buffer block = Buffer.buffer(new byte[64 * 1024]);
        request.response().setChunked(true);
        long[] left = {LARGE / block.length()};
        Runnable[] more = new Runnable[1];
        more[0] = () -> {
            while (left[0] > 0 && !request.response().writeQueueFull()) {
                left[0]--;
                request.response().write(block);
            }
            if (left[0] == 0) {
                request.response().drainHandler(null);
                request.response().end();
            }
        };
        request.response().drainHandler(drained -> more[0].run());
        more[0].run();
    }

    @Test
    void largeAnswer_toASlowClient_isHeldBackAndWhole() throws Exception {
        gateway.serve(gateway.upstream(ProxyStreamingIT::sendLarge), Map.of());
        for (HttpClient client : List.of(http1, http2)) {
            AtomicLong bytes = new AtomicLong();
            Future<Void> all = request(client, HttpMethod.GET, "/")
                    .compose(HttpClientRequest::send)
                    .compose(answer -> {
                        answer.handler(chunk -> {
                            if (bytes.addAndGet(chunk.length()) % (8 << 20) < chunk.length()) {
                                answer.pause();
                                gateway.vertx.setTimer(20, later -> answer.resume());
                            }
                        });
                        return answer.end();
                    });
            Gateway.await(all);
            assertThat(bytes).hasValue(LARGE);
        }
    }

    @Test
    void largeBody_toASlowService_isHeldBackAndWhole() throws Exception {
        gateway.serve(
                gateway.upstream(request -> {
                    AtomicLong bytes = new AtomicLong();
                    request.handler(chunk -> {
                        if (bytes.addAndGet(chunk.length()) % (8 << 20) < chunk.length()) {
                            request.pause();
                            gateway.vertx.setTimer(20, later -> request.resume());
                        }
                    });
                    request.endHandler(end -> request.response().end(bytes.toString()));
                }),
                Map.of());
        byte[] block = new byte[64 * 1024];
        for (HttpClient client : List.of(http1, http2)) {
            HttpClientRequest request = Gateway.await(request(client, HttpMethod.POST, "/"));
            request.setChunked(true);
            Future<Buffer> answer = request.response().compose(HttpClientResponse::body);
            for (long sent = 0; sent < LARGE; sent += block.length) {
                Gateway.await(request.write(Buffer.buffer(block)));
            }
            Gateway.await(request.end());
            assertThat(Gateway.await(answer).toString()).isEqualTo(String.valueOf(LARGE));
        }
    }

    @Test
    void events_arriveOneByOne_theHeadFirst() throws Exception {
        Promise<HttpServerRequest> arrived = Promise.promise();
        gateway.serve(
                gateway.upstream(request -> {
                    request.response()
                            .putHeader("Content-Type", "text/event-stream")
                            .setChunked(true);
                    request.response().writeHead();
                    arrived.complete(request);
                }),
                Map.of());
        try (Wire wire = Wire.to(gateway.port())) {
            wire.send("GET / HTTP/1.1\nHost: a\n\n");
            assertThat(wire.head()).containsIgnoringCase("transfer-encoding: chunked");
            for (String event : List.of("one", "two")) {
                Gateway.await(arrived.future().result().response().write(event));
                assertThat(wire.read(8)).isEqualTo("3\r\n" + event + "\r\n");
            }
            arrived.future().result().response().end();
            assertThat(wire.read(5)).isEqualTo("0\r\n\r\n");
        }
        try (Wire old = Wire.to(gateway.port())) {
            gateway.serve(
                    gateway.upstream(request -> {
                        request.response().setChunked(true);
                        request.response().write("a");
                        request.response().end("b");
                    }),
                    Map.of());
            old.send("GET / HTTP/1.0\nHost: a\n\n");
            assertThat(old.rest()).startsWith("HTTP/1.0 200 ").endsWith("\r\n\r\nab");
        }
    }

    @Test
    void serviceGone_inTheMiddleOfABody_theClientDoesNotTakeItForWhole() throws Exception {
        List<String> beginnings = List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
        for (String beginning : beginnings) {
            NetServer server = gateway.vertx
                    .createNetServer()
                    .connectHandler(socket -> socket.handler(data -> socket.write(beginning)
                            .onComplete(sent -> gateway.vertx.setTimer(50, later -> socket.close()))));
            gateway.serve(Gateway.await(server.listen(0, "127.0.0.1")).actualPort(), Map.of());
            try (Wire wire = Wire.to(gateway.port())) {
                wire.send("GET / HTTP/1.1\nHost: a\n\n");
                wire.head();
                assertThat(wire.rest()).contains("half").doesNotContain("0\r\n\r\n");
            }
            Future<Buffer> answer = request(http2, HttpMethod.GET, "/")
                    .compose(HttpClientRequest::send)
                    .compose(HttpClientResponse::body);
            assertThatThrownBy(() -> Gateway.await(answer)).isNotInstanceOf(AssertionError.class);
            Gateway.await(server.close());
        }
    }

    @Test
    void cookies_ofHttp2_becomeOneLine() {
        gateway.serve(
                gateway.upstream(request -> request.response()
                        .end(String.join("|", request.headers().getAll("Cookie")))),
                Map.of());
        Future<Buffer> answer = request(http2, HttpMethod.GET, "/").compose(request -> {
            request.headers().add("cookie", "a=1").add("cookie", "b=2");
            return request.send().compose(HttpClientResponse::body);
        });
        assertThat(Gateway.await(answer).toString()).isEqualTo("a=1; b=2");
    }

    @Test
    void clientGone_theServiceIsToldAtOnce() throws Exception {
        Promise<Void> gone = Promise.promise();
        Promise<Void> arrived = Promise.promise();
        gateway.serve(
                gateway.upstream(request -> {
                    request.response().closeHandler(closed -> gone.tryComplete());
                    arrived.tryComplete();
                }),
                Map.of());
        try (Wire wire = Wire.to(gateway.port())) {
            wire.send("GET / HTTP/1.1\nHost: a\n\n");
            Gateway.await(arrived.future());
        }
        Gateway.await(gone.future());
    }

    @Test
    void client_thatTakesNothing_isCutOff() throws Exception {
        Promise<Void> gone = Promise.promise();
        gateway.serve(
                gateway.upstream(request -> {
                    request.response().closeHandler(closed -> gone.tryComplete());
                    sendLarge(request);
                }),
                Map.of());
        try (Wire wire = Wire.to(gateway.port())) {
            wire.send("GET / HTTP/1.1\nHost: a\n\n");
            Gateway.await(gone.future());
        }
    }

    @Test
    void connection_withoutRequest_isClosed_butNotOneThatWaitsForItsAnswer() throws Exception {
        Promise<HttpServerRequest> arrived = Promise.promise();
        gateway.serve(gateway.upstream(arrived::complete), Map.of());
        try (Wire silent = Wire.to(gateway.port());
                Wire undecided = Wire.to(gateway.h2cPort());
                Wire trickling = Wire.to(gateway.port());
                Wire patient = Wire.to(gateway.port())) {
            patient.send("GET / HTTP/1.1\nHost: a\n\n");
            trickling.send("GET / HTTP/1.1\nHo");
            assertThat(silent.isClosed()).isTrue();
            assertThat(undecided.isClosed()).isTrue();
            assertThat(trickling.isClosed()).isTrue();
            arrived.future().result().response().end("at last");
            assertThat(patient.answer()).endsWith("at last");
        }
    }

    @Test
    void webSocket_carriesMessagesBothWays_andPlugsAreRefusedAsAnswers() throws Exception {
        List<String> protocols = new ArrayList<>();
        int port = gateway.upstream(request -> {
            if (request.path().equals("/no")) {
                request.response().setStatusCode(403).end("no");
                return;
            }
            protocols.add(request.getHeader("X-Forwarded-Proto"));
            request.toWebSocket().onSuccess(socket -> {
                socket.writeTextMessage("welcome");
                socket.binaryMessageHandler(socket::writeBinaryMessage);
            });
        });
        gateway.serve(port, Map.of());
        WebSocketClient client = gateway.vertx.createWebSocketClient();
        Promise<Buffer> echoed = Promise.promise();
        Promise<String> welcomed = Promise.promise();
        Buffer large = Buffer.buffer(new byte[60_000]);
        WebSocket socket = Gateway.await(
                client.connect(gateway.port(), "127.0.0.1", "/chat").onSuccess(open -> {
                    open.textMessageHandler(welcomed::tryComplete);
                    open.binaryMessageHandler(echoed::tryComplete);
                }));
        assertThat(Gateway.await(welcomed.future())).isEqualTo("welcome");
        socket.writeBinaryMessage(large);
        assertThat(Gateway.await(echoed.future()).length()).isEqualTo(60_000);
        Gateway.await(socket.close());
        assertThat(protocols).containsExactly("http");
        try (Wire wire = Wire.to(gateway.port())) {
            wire.send("GET /no HTTP/1.1\nHost: a\nUpgrade: websocket\nConnection: Upgrade\n"
                    + "Sec-WebSocket-Version: 13\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\n\n");
            assertThat(wire.answer()).startsWith("HTTP/1.1 403 ").endsWith("no");
        }
        Gateway.await(client.close());
    }

    @Test
    void grpc_streamsBothWays_withTrailers() throws Exception {
        int port = gateway.upstream(new HttpServerOptions().setHttp2ClearTextEnabled(true), request -> {
            assertThat(request.version()).isEqualTo(HttpVersion.HTTP_2);
            if (request.path().equals("/shop.Shop/Refuse")) {
                request.response().putHeader("grpc-status", "7").end();
                return;
            }
            request.response().putHeader("te-seen", String.valueOf(request.getHeader("te")));
            request.response().writeHead();
            request.handler(chunk -> request.response().write(chunk));
            request.endHandler(end -> {
                request.response().putTrailer("grpc-status", "0");
                request.response().end();
            });
        });
        Entity service = Gateway.service(port, Map.of("protocol", "grpc"));
        gateway.configure(
                service,
                Gateway.route(
                        service,
                        Map.of("protocols", List.of("grpc", "grpcs"), "paths", List.of("/shop"), "strip_path", false)));
        HttpClientRequest request = Gateway.await(request(http2, HttpMethod.POST, "/shop.Shop/Chat"));
        request.putHeader("Content-Type", "application/grpc")
                .putHeader("te", "trailers")
                .setChunked(true);
        Gateway.await(request.sendHead());
        HttpClientResponse answer = Gateway.await(request.response());
        Promise<Buffer> first = Promise.promise();
        answer.handler(first::tryComplete);
        Gateway.await(request.write("hello"));
        assertThat(Gateway.await(first.future()).toString()).isEqualTo("hello");
        request.end();
        Gateway.await(answer.end());
        assertThat(answer.getTrailer("grpc-status")).isEqualTo("0");
        assertThat(answer.getHeader("te-seen")).isEqualTo("trailers");

        HttpClientRequest refused = Gateway.await(request(http2, HttpMethod.POST, "/shop.Shop/Refuse"));
        refused.putHeader("Content-Type", "application/grpc");
        HttpClientResponse refusal = Gateway.await(refused.send("x"));
        assertThat(refusal.getHeader("grpc-status")).isEqualTo("7");
    }
}
