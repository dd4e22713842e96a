package io.drawbridge.core.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The path as routes see it, and as it is sent on. */
class RequestPathTest {
    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/a/b, /a/b",
        "/foo%3a, /foo%3A",
        "/fo%6F, /foo",
        "/foo/./bar/../baz, /foo/baz",
        "/foo//bar, /foo/bar",
        "//foo///bar//, /foo/bar/",
        "/a/%2e%2E/b, /b",
        "/a/%2f../b, /a/%2F../b",
        "/a/.., /",
        "/a/., /a/",
        "/.., /",
        "/../../a, /a",
        "/.hidden/..a/...b, /.hidden/..a/...b",
        "/a%, /a%",
        "/a%4, /a%4",
        "/a%zz, /a%zz",
        "/%7euser, /~user",
        "/a%00b, /a%00b",
        "/%C3%a4, /%C3%A4",
        "/%25%32%65, /%252e",
        "*, *",
    })
    void text_anyPath_isNormal(String raw, String normal) {
        assertThat(RequestPath.of(raw).text()).isEqualTo(normal);
        assertThat(RequestPath.of(normal).text()).as("normal already").isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b, 2, /b",
        "/%61//b%2f, 2, //b%2f",
        "/%61//b%2f, 3, b%2f",
        "/%2f/x, 4, /x",
        "/a/../b/%78, 2, /x",
        "/a%41, 3, ''",
        "/a%, 3, ''",
    })
    void from_partIsTakenOff_restIsAsItCameUnlessItClimbs(String raw, int end, String rest) {
        assertThat(RequestPath.of(raw).from(end)).isEqualTo(rest);
    }
}
