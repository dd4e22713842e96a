package io.drawbridge.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What HTTP/2 can say and HTTP/1.1, behind this node, would read as something else. */
class ProxyHttp2AttackIT extends StrictFixture {
    private static final String HIDDEN = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    private static String[] fields(String... more) {
        List<String> all =
                new ArrayList<>(List.of(":method", "POST", ":scheme", "http", ":authority", "x", ":path", "/a"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void length_thatTheBodyDoesNotHave_isNoRequest() throws Exception {
        for (List<String> attack : List.of(
                List.of("0", HIDDEN),
                List.of("5", "12345" + HIDDEN),
                List.of("100", "12345"),
                List.of("5, 6", "12345"),
                List.of("+5", "12345"),
                List.of("0x5", "12345"),
                List.of("", "12345"),
                List.of("99999999999999999999", "12345"))) {
            upstream.forget();
            try (Http2Wire wire = new Http2Wire(gateway.h2cPort())) {
                String outcome = wire.head(1, 0, fields("content-length", attack.get(0)))
                        .data(1, Http2Wire.END_STREAM, attack.get(1))
                        .outcome(1);
                assertThat(outcome).as(attack.toString()).isIn("400", "reset", "goaway");
            }
            assertLegitimate(attack.toString());
            assertThat(upstream.seen())
                    .as(attack.toString())
                    .noneMatch(seen -> seen.startsWith("GET /smuggled") || seen.contains("12345"));
        }
    }

    @Test
    void length_saidTwice_isNoRequest() throws Exception {
        try (Http2Wire wire = new Http2Wire(gateway.h2cPort())) {
            String outcome = wire.head(1, 0, fields("content-length", "5", "content-length", "6"))
                    .data(1, Http2Wire.END_STREAM, "12345")
                    .outcome(1);
            assertThat(outcome).isIn("400", "reset", "goaway");
        }
        assertLegitimate("two lengths");
    }

    @Test
    void body_ofUnknownLength_arrivesAsItIs() throws Exception {
        try (Http2Wire wire = new Http2Wire(gateway.h2cPort())) {
            assertThat(wire.head(1, 0, fields("transfer-encoding", "identity"))
                            .data(1, 0, "123")
                            .data(1, Http2Wire.END_STREAM, HIDDEN)
                            .outcome(1))
                    .isIn("200", "400", "reset", "goaway");
        }
        assertThat(upstream.seen()).noneMatch(seen -> seen.startsWith("GET /smuggled"));
        assertLegitimate("unknown length");
    }

    @Test
    void text_thatWouldBeLinesOfHttp1_isNoRequest() throws Exception {
        for (String[] attack : List.of(
                fields("x", "y\r\nx-forged: 1"),
                fields("x", "y\r\n\r\n" + HIDDEN),
                fields("x", "y\nx-forged: 1"),
                fields("x", "y\rx-forged: 1"),
                fields("x", "y\u0000x-forged: 1"),
                fields("x: y\r\nx-forged", "1"),
                fields("x-forged: 1\r\nx", "1"),
                fields("x y", "x-forged"),
                fields("x:y", "x-forged"),
                new String[] {
                    ":method", "GET", ":scheme", "http", ":authority", "x", ":path", "/a HTTP/1.1\r\nx-forged: 1"
                },
                new String[] {":method", "GET", ":scheme", "http", ":authority", "x", ":path", "/a x-forged"},
                new String[] {":method", "GET", ":scheme", "http", ":authority", "x", ":path", "/a\tx-forged"},
                new String[] {
                    ":method",
                    "GET /smuggled HTTP/1.1\r\nx-forged: 1\r\n",
                    ":scheme",
                    "http",
                    ":authority",
                    "x",
                    ":path",
                    "/a"
                },
                new String[] {":method", "GET", ":scheme", "http", ":authority", "x\r\nx-forged: 1", ":path", "/a"},
                new String[] {":method", "GET", ":scheme", "http", ":authority", "x", ":path", "http://x/x-forged"},
                new String[] {":method", "GET", ":scheme", "http", ":authority", "x", ":path", "*"},
                new String[] {":method", "GET", ":scheme", "http", ":authority", "x", ":path", ""},
                new String[] {":method", "GET", ":scheme", "http", ":authority", "x"},
                new String[] {":method", "CONNECT", ":authority", "x-forged:80"})) {
            upstream.forget();
            try (Http2Wire wire = new Http2Wire(gateway.h2cPort())) {
                String outcome = wire.head(1, Http2Wire.END_STREAM, attack).outcome(1);
                assertThat(outcome).as(String.join("|", attack)).isIn("400", "404", "405", "reset", "goaway", "closed");
            }
            assertThat(upstream.seen()).as(String.join("|", attack)).isEmpty();
        }
        assertLegitimate("lines");
    }

    @Test
    void hostBesideAuthority_andHeadersBetweenNeighbours_doNotReachTheService() throws Exception {
        try (Http2Wire wire = new Http2Wire(gateway.h2cPort())) {
            wire.head(1, Http2Wire.END_STREAM, fields("host", "forged", "te", "trailers"))
                    .outcome(1);
        }
        assertThat(upstream.seen()).noneMatch(seen -> seen.contains("forged"));
    }

    @Test
    void cookies_inPieces_areOneHeaderForTheService() throws Exception {
        try (Http2Wire wire = new Http2Wire(gateway.h2cPort())) {
            assertThat(wire.head(1, Http2Wire.END_STREAM, fields("cookie", "a=1", "x", "y", "cookie", "b=2"))
                            .outcome(1))
                    .isEqualTo("200");
        }
        assertThat(upstream.seen().get(0)).containsIgnoringCase("\r\ncookie: a=1; b=2\r\n");
    }

    @Test
    void requests_resetAtOnceByTheThousand_hurtNobodyElse() throws Exception {
        try (Http2Wire wire = new Http2Wire(gateway.h2cPort())) {
            for (int i = 0; i < 20_000; i++) {
                wire.head(1 + 2 * i, Http2Wire.END_STREAM, fields())
                        .frame(Http2Wire.RESET, 0, 1 + 2 * i, new byte[] {0, 0, 0, 8});
            }
            assertThat(wire.outcome(40_001)).isIn("goaway", "closed");
        } catch (SocketException cutOff) {
            /* It did not even take all. */
        }
        assertLegitimate("resets");
        assertThat(upstream.seen()).hasSizeLessThan(5_000);
    }

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
