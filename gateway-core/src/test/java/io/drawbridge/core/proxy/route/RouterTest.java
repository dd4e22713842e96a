package io.drawbridge.core.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which route a request takes: what Kong's documentation says, example by example. */
class RouterTest {
    private static final MultiMap NONE = MultiMap.caseInsensitiveMultiMap();

    private final List<Entity> entities = new ArrayList<>();

    @Test
    void match_nothingConfigured_isEmpty() {
        assertThat(Router.empty().match(Routes.query("GET", "http://a.com/", NONE)))
                .isEmpty();
    }

    @Test
    void match_routeWithSeveralAttributes_needsAllOfThem() {
        Entity route = route(Map.of(
                "hosts", List.of("example.com", "foo-service.com"),
                "paths", List.of("/foo", "/bar"),
                "methods", List.of("GET")));
        assertThat(taken("GET", "http://example.com/foo")).contains(route);
        assertThat(taken("GET", "http://foo-service.com/foo/hello/world")).contains(route);
        assertThat(taken("GET", "http://example.com/")).isEmpty();
        assertThat(taken("POST", "http://example.com/foo")).isEmpty();
        assertThat(taken("GET", "http://other.com/foo")).isEmpty();
    }

    @Test
    void match_wildcardHosts_standForAnyLabels() {
        Entity left = route(Map.of("hosts", List.of("*.example.com", "Service.com")));
        Entity right = route(Map.of("hosts", List.of("example.*")));
        assertThat(taken("GET", "http://x.y.example.com/")).contains(left);
        assertThat(taken("GET", "http://service.com:8000/")).contains(left);
        assertThat(taken("GET", "http://example.co.uk/")).contains(right);
        assertThat(taken("GET", "http://notexample.com/")).isEmpty();
    }

    @Test
    void match_hostWithPort_needsThatPortOrTheStandardOne() {
        Entity standard = route(Map.of("hosts", List.of("a.com:80")));
        Entity secure = route(Map.of("hosts", List.of("a.com:443")));
        Entity any = route(Map.of("hosts", List.of("a.com")));
        assertThat(taken("GET", "http://a.com/")).contains(standard);
        assertThat(taken("GET", "https://a.com/")).contains(secure);
        assertThat(taken("GET", "http://a.com:8000/")).contains(any);
        Entity v6 = route(Map.of("hosts", List.of("[::1]:8000")));
        assertThat(taken("GET", "http://[::1]:8000/")).contains(v6);
        assertThat(taken("GET", "http://[::1]/")).isEmpty();
    }

    @Test
    void match_expressionsAndPrefixes_byPriorityThenByLength() {
        Entity status = route(Map.of("paths", List.of("/status/\\d+"), "regex_priority", 0L));
        Entity version = route(Map.of("paths", List.of("/version/\\d+/status/\\d+"), "regex_priority", 6L));
        Entity prefix = route(Map.of("paths", List.of("/version")));
        Entity longer = route(Map.of("paths", List.of("/version/any/")));
        assertThat(taken("GET", "http://a.com/version/1/status/2")).contains(version);
        assertThat(taken("GET", "http://a.com/status/2/more")).contains(status);
        assertThat(taken("GET", "http://a.com/version/any/x")).contains(longer);
        assertThat(taken("GET", "http://a.com/versions")).contains(prefix);
        assertThat(taken("GET", "http://a.com/x/status/2")).isEmpty();
    }

    @Test
    void match_moreAttributes_comeFirst() {
        route(Map.of("hosts", List.of("example.com"), "paths", List.of("/a/long/path")));
        Entity more =
                route(Map.of("hosts", List.of("example.com"), "paths", List.of("/a"), "methods", List.of("POST")));
        assertThat(taken("POST", "http://example.com/a/long/path")).contains(more);
    }

    @Test
    void match_headers_anyValueOfEachWhateverTheCase() {
        Entity one = route(Map.of("headers", Map.of("version", List.of("v1", "v2"))));
        Entity two = route(Map.of("headers", Map.of("Version", List.of("V2"), "region", List.of("eu"))));
        assertThat(taken("GET", "http://a.com/", NONE)).isEmpty();
        assertThat(taken("GET", "http://a.com/", headers("Version", "V1"))).contains(one);
        assertThat(taken("GET", "http://a.com/", headers("version", "v2").add("Region", "EU")))
                .contains(two);
        assertThat(taken("GET", "http://a.com/", headers("version", "v9").add("version", "v2")))
                .contains(one);
    }

    @Test
    void match_encryptedOnly_isRefusedPlainEvenIfAnotherWouldTakeIt() {
        route(Map.of("paths", List.of("/")));
        Entity secure = route(Map.of("paths", List.of("/secure"), "protocols", List.of("https")));
        assertThat(matched("http://a.com/secure").route()).isSameAs(secure);
        assertThat(matched("http://a.com/secure").refused())
                .isEqualTo(new Refusal.Answer(
                        426,
                        "Please use HTTPS protocol",
                        Map.of("Connection", "Upgrade", "Upgrade", "TLS/1.2, HTTP/1.1")));
        assertThat(matched("https://a.com/secure").refusal()).isEmpty();
    }

    @Test
    void match_encryptedOnlyByExpression_doesNotGiveWayToAnotherExpression() {
        Entity secure = route(Map.of("paths", List.of("/secure(/.*)?"), "protocols", List.of("https")));
        route(Map.of("paths", List.of("/.*(/secure)?")));
        assertThat(matched("http://a.com/secure").route()).isSameAs(secure);
        assertThat(matched("http://a.com/secure").refusal()).isPresent();
    }

    @Test
    void match_encryptedOnlyWithRedirect_saysSo() {
        route(Map.of("paths", List.of("/"), "protocols", List.of("https"), "https_redirect_status_code", 308L));
        assertThat(matched("http://a.com/x").refusal()).contains(new Refusal.Redirect(308));
    }

    @Test
    void match_twoRoutesThatDifferInProtocol_eachTakesItsOwn() {
        Entity secure = route(Map.of("paths", List.of("/x"), "protocols", List.of("https")));
        Entity plain = route(Map.of("paths", List.of("/x"), "protocols", List.of("http"), "created_at", 1L));
        assertThat(matched("https://a.com/x").route()).isSameAs(secure);
        assertThat(matched("http://a.com/x").route()).isSameAs(plain);
        assertThat(matched("http://a.com/x").refusal()).isEmpty();
    }

    @Test
    void match_snis_countOnlyIfEncrypted() {
        Entity route = route(Map.of("snis", List.of("A.com"), "paths", List.of("/")));
        assertThat(router().match(secure("a.com"))).map(RouteMatch::route).contains(route);
        assertThat(router().match(secure("b.com"))).isEmpty();
        assertThat(router().match(secure(null))).isEmpty();
        assertThat(taken("GET", "http://a.com/")).contains(route);
    }

    @Test
    void match_grpc_needsHttp2AndItsContentType() {
        route(Map.of("paths", List.of("/hello.World"), "protocols", List.of("grpcs"), "strip_path", false));
        assertThat(grpc("https", true, "application/grpc+proto").upstreamPath()).isEqualTo("/hello.World/Say");
        assertThat(grpc("https", true, "application/grpc").refusal()).isEmpty();
        assertThat(grpc("https", true, "text/plain").refused()).isSameAs(Refusal.NOT_GRPC);
        assertThat(grpc("https", false, "application/grpc").refused()).isSameAs(Refusal.NOT_HTTP2);
        assertThat(grpc("http", true, "application/grpc").refused()).isSameAs(Refusal.PLAIN_GRPC);
    }

    @Test
    void match_routeOfStreams_isNotThere() {
        route(Map.of("protocols", List.of("tcp"), "destinations", List.of(Map.of("port", 1L))));
        assertThat(taken("GET", "http://a.com/")).isEmpty();
        assertThat(router().notes()).singleElement().asString().contains("1 routes of streams");
    }

    @Test
    void match_pathThatEvades_isMatchedAsWhatItMeans() {
        route(Map.of("paths", List.of("/")));
        Entity guarded = route(Map.of("paths", List.of("/admin", "/x/%2E%61\\d")));
        for (String path :
                List.of("/admin", "//admin", "/./admin", "/x/../admin", "/%61dmin", "/x/%2e%2e/admin", "/x/.a1")) {
            assertThat(taken("GET", "http://a.com" + path)).as(path).contains(guarded);
        }
    }

    @Test
    void match_expressionThatNeverEnds_isRefusedInTime() {
        Entity route = route(Map.of("paths", List.of("/(a+)+$"), "created_at", 1L));
        route(Map.of("paths", List.of("/")));
        long before = System.nanoTime();
        RouteMatch match = matched("http://a.com/" + "a".repeat(4_000) + "!");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
        assertThat(match.route()).isSameAs(route);
        assertThat(match.refused()).isSameAs(Refusal.UNDECIDED);
        assertThat(matched("http://a.com/b").refusal()).isEmpty();
    }

    @Test
    void match_expressionThatCannotBeRun_isRefusedWhereItMightMatch() {
        Entity route = route(Map.of("paths", List.of("/secret/(a(?R)?b)")));
        route(Map.of("paths", List.of("/")));
        assertThat(matched("http://a.com/secret/x").refused()).isSameAs(Refusal.UNDECIDED);
        assertThat(matched("http://a.com/other").refusal()).isEmpty();
        assertThat(router().notes())
                .singleElement()
                .asString()
                .contains(route.id().toString(), "only PCRE");
    }

    @Test
    void match_hostileHostsAndPaths_isEmpty() {
        route(Map.of("hosts", List.of("*.example.com", "example.*"), "paths", List.of("/a", "/b\\d+")));
        Router router = router();
        String labels = "a.".repeat(4_000);
        for (String host :
                List.of(labels + "example.com", "example." + labels, ":", "[", "]:", "a:b:c", "a:99999999")) {
            RouteQuery query = new RouteQuery("http", false, "GET", host, 80, "/a" + "/..".repeat(2_000), null, NONE);
            assertThat(router.match(query)).as(host).isEmpty();
        }
    }

    @Test
    void of_oneRouteChanged_keepsTheOthersAndTheWholeIfNothingDid() {
        Entity service = Routes.service(Map.of("path", "/s"));
        Entity kept = Routes.route(service, Map.of("paths", List.of("/kept")));
        Entity changed = Routes.route(service, Map.of("paths", List.of("/changed")));
        ConfigSnapshot first = Routes.snapshot(List.of(service, kept, changed));
        Router before = Router.of(first, Router.empty());
        assertThat(Router.of(first.at(new Changes.Position("other", 9)), before).sameAs(before))
                .isTrue();
        assertThat(Router.of(Routes.snapshot(List.of(changed, kept, service)), before)
                        .sameAs(before))
                .isTrue();

        Entity other = changed.with("paths", List.of("/other"));
        Router after = Router.of(Routes.snapshot(List.of(service, kept, other)), before);
        assertThat(after.match(Routes.query("GET", "http://a.com/changed", NONE)))
                .isEmpty();
        assertThat(after.match(Routes.query("GET", "http://a.com/other", NONE))).isPresent();

        Entity moved = service.with("path", "/moved");
        assertThat(Router.of(Routes.snapshot(List.of(moved, kept, other)), after)
                        .match(Routes.query("GET", "http://a.com/kept/x", NONE)))
                .map(RouteMatch::upstreamPath)
                .contains("/moved/x");
        assertThat(Router.of(Routes.snapshot(List.of(service)), after)
                        .match(Routes.query("GET", "http://a.com/kept", NONE)))
                .isEmpty();
    }

    private Entity route(Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(Map.of("created_at", 1_000L + entities.size()));
        all.putAll(values);
        Entity route = Routes.route(null, all);
        entities.add(route);
        return route;
    }

    private Router router() {
        return Router.of(Routes.snapshot(entities), Router.empty());
    }

    private Optional<Entity> taken(String method, String url) {
        return taken(method, url, NONE);
    }

    private Optional<Entity> taken(String method, String url, MultiMap headers) {
        return router().match(Routes.query(method, url, headers)).map(RouteMatch::route);
    }

    private RouteMatch matched(String url) {
        return router().match(Routes.query("GET", url, NONE)).orElseThrow();
    }

    private RouteMatch grpc(String scheme, boolean http2, String contentType) {
        return router().match(new RouteQuery(
                        scheme,
                        http2,
                        "POST",
                        "a.com",
                        8000,
                        "/hello.World/Say",
                        null,
                        headers("content-type", contentType)))
                .orElseThrow();
    }

    private static RouteQuery secure(String sni) {
        return new RouteQuery("https", true, "GET", "a.com", 8443, "/", sni, NONE);
    }

    private static MultiMap headers(String name, String value) {
        return MultiMap.caseInsensitiveMultiMap().add(name, value);
    }
}
