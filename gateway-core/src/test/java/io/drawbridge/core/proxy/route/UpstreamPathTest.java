package io.drawbridge.core.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The path that a service is asked for. */
class UpstreamPathTest {
    @ParameterizedTest
    @CsvSource({
        "/s, /fv0,  false, v0, /fv0/req, /s/fv0/req",
        "/s, /fv0,  false, v0, /fv0,     /s/fv0",
        "/s, /fv1,  false, v1, /fv1/req, /sfv1/req",
        "/s, /fv1,  false, v1, /fv1,     /sfv1",
        "/s, /tv0,  true,  v0, /tv0/req, /s/req",
        "/s, /tv0,  true,  v0, /tv0,     /s",
        "/s, /tv1,  true,  v1, /tv1/req, /s/req",
        "/s, /tv1,  true,  v1, /tv1,     /s",
        "/s, /fv0/, false, v0, /fv0/req, /s/fv0/req",
        "/s, /fv0/, false, v0, /fv0/,    /s/fv0/",
        "/s, /fv1/, false, v1, /fv1/req, /sfv1/req",
        "/s, /fv1/, false, v1, /fv1/,    /sfv1/",
        "/s, /tv0/, true,  v0, /tv0/req, /s/req",
        "/s, /tv0/, true,  v0, /tv0/,    /s/",
        "/s, /tv1/, true,  v1, /tv1/req, /sreq",
        "/s, /tv1/, true,  v1, /tv1/,    /s/",
    })
    void match_documentedCombination_asksForTheDocumentedPath(
            String service, String route, boolean strip, String handling, String request, String expected) {
        check(service, route, strip, handling, request, expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/,   /,     true,  v0, /,          /",
        "/,   /,     true,  v1, /,          /",
        "/,   /,     true,  v0, /a/b/,      /a/b/",
        "/,   /,     true,  v1, /a/b/,      /a/b/",
        "/,   /r,    true,  v0, /r,         /",
        "/,   /r,    true,  v0, /r/,        /",
        "/,   /r,    true,  v0, /rest,      /est",
        "/,   /r,    true,  v1, /rest,      /est",
        "/,   /r,    false, v0, /rest,      /rest",
        "/s,  /,     true,  v0, /,          /s",
        "/s,  /,     true,  v0, /req,       /s/req",
        "/s,  /,     true,  v1, /req,       /sreq",
        "/s,  /,     false, v0, /,          /s",
        "/s/, /,     false, v0, /req,       /s/req",
        "/s/, /r,    true,  v0, /r,         /s",
        "/s/, /r,    true,  v0, /r/,        /s/",
        "/s/, /r,    true,  v1, /r/req,     /s/req",
        "/s/, /r,    true,  v1, /r,         /s",
        "/s,  '/\\d+', true,  v0, /123/req,   /s/req",
        "/s,  '/\\d+', false, v0, /123/req,   /s/123/req",
        "/s,  /r,    true,  v0, /r/a%2fb%41,/s/a%2fb%41",
        "/s,  /r%41, true,  v0, /rA/a%41,   /s/a%41",
        "/s,  /rA,   true,  v0, /r%41//a//b,/s/a//b",
        "/s,  /r/,   true,  v0, //r//a,     /s/a",
        "/s,  /r,    true,  v0, /x/../r/a,  /s/a",
        "/s,  /r,    true,  v0, /r/../../r/a, /s/a",
        "/s,  /r,    false, v0, /../../r/%2e%2E/r/a, /s/r/a",
        "/s,  /r,    false, v0, /r/a%41,    /s/r/a%41",
        "/s,  /.r,   false, v0, /.r/%41,    /s/.r/%41",
    })
    void match_otherCombination_joinsByTheSameRules(
            String service, String route, boolean strip, String handling, String request, String expected) {
        check(service, route, strip, handling, request, expected);
    }

    private static void check(
            String service, String path, boolean strip, String handling, String request, String expected) {
        var to = Routes.service(Map.of("path", service));
        var route = Routes.route(to, Map.of("paths", List.of(path), "strip_path", strip, "path_handling", handling));
        RouteMatch match = Router.of(Routes.snapshot(List.of(to, route)), Router.empty())
                .match(Routes.query("GET", "http://any.example" + request, MultiMap.caseInsensitiveMultiMap()))
                .orElseThrow();
        assertThat(match.upstreamPath()).isEqualTo(expected);
        assertThat(match.strippedPath() != null).isEqualTo(strip);
    }
}
