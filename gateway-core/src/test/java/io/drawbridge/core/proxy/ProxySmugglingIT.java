package io.drawbridge.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that mean one thing here and another to the service behind. */
class ProxySmugglingIT extends StrictFixture {
    private static final String HIDDEN = "GET /smuggled HTTP/1.1\nHost: x\n\n";

    private static String head(String... lines) {
        return "POST /a HTTP/1.1\nHost: x\n" + String.join("\n", lines) + "\n\n";
    }

    @Test
    void lengths_thatContradictEachOther_hideNothing() throws Exception {
        for (String attack : List.of(
                head("Content-Length: 6", "Transfer-Encoding: chunked") + "0\n\n" + HIDDEN,
                head("Transfer-Encoding: chunked", "Content-Length: 100") + "0\n\n",
                head("Content-Length: 0", "Content-Length: " + HIDDEN.length()) + HIDDEN,
                head("Content-Length: 0, 5") + HIDDEN,
                head("Content-Length: +5") + HIDDEN,
                head("Content-Length: 0x5") + HIDDEN,
                head("Content-Length: -1") + HIDDEN,
                head("Content-Length : 5") + HIDDEN,
                head("Transfer-Encoding: xchunked") + HIDDEN,
                head("Transfer-Encoding: gzip") + HIDDEN,
                head("Transfer-Encoding: chunked, identity") + HIDDEN,
                head("Transfer-Encoding: identity", "Transfer-Encoding: chunked") + "0\n\n" + HIDDEN,
                head("Transfer-Encoding:\u000bchunked") + "0\n\n" + HIDDEN,
                head("Transfer-Encoding : chunked") + "0\n\n" + HIDDEN,
                head("Transfer-Encoding: chunked") + "0x0\n\n" + HIDDEN,
                head("Transfer-Encoding: chunked") + "-0\n\n" + HIDDEN,
                head("X: y", " Transfer-Encoding: chunked") + "0\n\n" + HIDDEN)) {
            upstream.forget();
            try (Wire wire = Wire.to(gateway.port())) {
                wire.send(attack).send("GET /a/after HTTP/1.1\nHost: x\nConnection: close\n\n");
                String told = wire.rest();
                assertThat(upstream.seen()).as(attack).noneMatch(seen -> seen.startsWith("GET /smuggled"));
                assertThat(told).as(attack).matches("(?s)|HTTP/1.1 .*");
            }
            assertLegitimate(attack);
        }
    }

    @Test
    void encoding_thatIsNotKnown_endsTheConnection() throws Exception {
        for (String encoding : List.of("gzip", "xchunked", "chunked, identity", "identity")) {
            try (Wire wire = Wire.to(gateway.port())) {
                String told = wire.send(head("Transfer-Encoding: " + encoding) + HIDDEN)
                        .rest();
                assertThat(told).as(encoding).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1 ");
            }
        }
        assertThat(upstream.seen()).isEmpty();
    }

    @Test
    void length_thatIsSaidToBeBetweenNeighbours_staysTrue() throws Exception {
        try (Wire wire = Wire.to(gateway.port())) {
            String told = wire.send(head("Connection: x, content-length", "Content-Length: 5") + "12345")
                    .answer();
            assertThat(told).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.seen()).hasSize(1).first().asString().endsWith("\r\n\r\n12345");
        }
    }

    @Test
    void upgrade_withABody_hidesNothing() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (Wire wire = Wire.to(gateway.port())) {
                wire.send(head("Connection: Upgrade", "Upgrade: websocket", "Content-Length: " + HIDDEN.length())
                                + HIDDEN)
                        .send("GET /a/after HTTP/1.1\nHost: x\nConnection: close\n\n");
                wire.rest();
            }
            assertLegitimate("upgrade");
        }
        assertThat(upstream.seen()).noneMatch(seen -> seen.startsWith("GET /smuggled"));
    }

    @Test
    void lines_thatSomeTakeForTwo_areRefusedOrOne() throws Exception {
        for (String header :
                List.of("X: a\rX-Forged: 1", "X: a\u0000X-Forged: 1", "X\r-Forged: 1", "X\u0000Y: 1", "\u0001: 1")) {
            upstream.forget();
            try (Wire wire = Wire.to(gateway.port())) {
                String told = wire.send(head("Connection: close", header)).rest();
                assertThat(told).as(header).startsWith("HTTP/1.1 400 ");
            }
            assertThat(upstream.seen()).as(header).isEmpty();
        }
    }

    @Test
    void connectionHeader_takesAwayNothingThatThisNodeSays() throws Exception {
        try (Wire wire = Wire.to(gateway.port())) {
            wire.send(head("Connection: X-Forwarded-For, X-Real-IP, Host, X-Forwarded-Proto"))
                    .answer();
        }
        assertThat(upstream.seen()).hasSize(1);
        assertThat(upstream.seen().get(0))
                .contains("X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1", "X-Forwarded-Proto: http", "host: 127");
    }

    @Test
    void service_thatAnswersNonsense_isABadGatewayAtOnce() throws Exception {
        for (String nonsense : List.of(
                "HTTP/1.1 200 OK\r\nX: a\u0000b\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX\u0001: a\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: " + "a".repeat(100_000) + "\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nab",
                "HTTP/1.1 99 No\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 1000 No\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
                "SSH-2.0-OpenSSH\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n",
                "")) {
            upstream.forget();
            upstream.answering(nonsense);
            try (Wire wire = Wire.to(gateway.port())) {
                String told = wire.send("POST /a HTTP/1.1\nHost: x\nConnection: close\n\n")
                        .rest();
                assertThat(told).as(nonsense).startsWith("HTTP/1.1 502 ");
            }
        }
        upstream.forget();
        assertLegitimate("nonsense");
    }

    /* One after the other over whatever connections to the service there are now. */
    private static void assertLegitimate(String after) throws IOException {
        for (int i = 0; i < 3; i++) {
            try (Wire wire = Wire.to(gateway.port())) {
                String told =
                        wire.send("GET /a/legitimate HTTP/1.1\nHost: x\n\n").answer();
                assertThat(told).as(after).startsWith("HTTP/1.1 200 ").contains("GET /a/legitimate HTTP/1.1\n");
            }
        }
    }
}
