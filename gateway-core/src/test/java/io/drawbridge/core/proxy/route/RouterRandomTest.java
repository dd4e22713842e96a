package io.drawbridge.core.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.entity.Entity;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The router against {@link ReferenceRouter}, with routes that are as much in each other's way as can be. */
class RouterRandomTest {
    private static final List<String> HOSTS = List.of(
            "a.com",
            "b.a.com",
            "c.b.a.com",
            "a.com:81",
            "b.a.com:80",
            "*.a.com",
            "*.b.a.com",
            "*.com",
            "a.*",
            "b.a.*",
            "b.*",
            "*.a.com:81",
            "*.b.a.com:443",
            "a.*:80",
            "b.a.*:81");
    private static final List<String> ASKED_HOSTS = List.of(
            "a.com",
            "b.a.com",
            "c.b.a.com",
            "a.com:81",
            "b.a.com:81",
            "b.a.com:443",
            "c.b.a.com:80",
            "a.org",
            "b.a.org:81",
            "b.org",
            ".a.com",
            "a.",
            "");
    private static final List<String> PATHS = List.of(
            "/",
            "/a",
            "/a/",
            "/a/b",
            "/a/bc",
            "/ab",
            "/a/b/c",
            "/a/\\d+",
            "/a/\\d{2}",
            "/[ab]/b",
            "/a|/b",
            "/a(/b)?",
            "/ab?",
            "/a/b$",
            "/(a|b)/.+",
            "/a(?=/b)",
            "/a/b*c");
    private static final List<String> ASKED_PATHS = List.of(
            "/", "/a", "/a/", "/a/b", "/a/bc", "/a/b/c", "/ab", "/abc", "/b", "/b/b", "/a/1", "/a/12", "/a/12/b", "/c",
            "/a/c");
    private static final List<String> METHODS = List.of("GET", "POST", "PUT");
    private static final List<String> SNIS = List.of("a.com", "b.a.com");
    private static final List<List<String>> PROTOCOLS = List.of(
            List.of("http", "https"),
            List.of("http", "https"),
            List.of("http"),
            List.of("https"),
            List.of("grpc", "grpcs"),
            List.of("grpcs"),
            List.of("grpc"));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void match_randomRoutesAndRequests_isWhatTheRulesSay(int seed) {
        Random random = new Random(seed);
        int matched = 0;
        Router router = Router.empty();
        for (int config = 0; config < 400; config++) {
            List<Entity> routes = routes(random, 1 + random.nextInt(config % 10 == 0 ? 60 : 8));
            router = Router.of(Routes.snapshot(routes), router);
            ReferenceRouter reference = new ReferenceRouter(routes);
            for (int request = 0; request < 40; request++) {
                RouteQuery query = query(random);
                Optional<RouteMatch> found = router.match(query);
                assertThat(found.map(match -> new ReferenceRouter.Found(match.route(), match.refused() != null)))
                        .as(
                                "%s of %s",
                                query, routes.stream().map(Entity::values).toList())
                        .isEqualTo(reference.match(query));
                matched += found.isPresent() ? 1 : 0;
            }
        }
        assertThat(matched).isBetween(4_000, 15_000);
    }

    private static List<Entity> routes(Random random, int count) {
        List<Entity> routes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Object> values = new HashMap<>();
            values.put("protocols", PROTOCOLS.get(random.nextInt(PROTOCOLS.size())));
            values.put("created_at", (long) random.nextInt(4));
            values.put("regex_priority", (long) random.nextInt(3));
            sometimes(random, 2, values, "hosts", some -> some(some, HOSTS));
            sometimes(random, 1, values, "paths", some -> some(some, PATHS));
            sometimes(random, 4, values, "methods", some -> some(some, METHODS));
            sometimes(random, 4, values, "snis", some -> some(some, SNIS));
            sometimes(random, 3, values, "headers", RouterRandomTest::headers);
            routes.add(Routes.route(null, values));
        }
        return routes;
    }

    /** Once in so many times; if that is one, three times of four. */
    private static void sometimes(
            Random random, int every, Map<String, Object> values, String field, Function<Random, Object> value) {
        if (every == 1 ? random.nextInt(4) > 0 : random.nextInt(every) == 0) {
            values.put(field, value.apply(random));
        }
    }

    private static Object headers(Random random) {
        Map<String, Object> headers = new HashMap<>();
        for (String name : some(random, List.of("x-one", "X-Two"))) {
            headers.put(name, some(random, List.of("v", "W", "z")));
        }
        return headers;
    }

    private static List<String> some(Random random, List<String> all) {
        Set<String> some = new LinkedHashSet<>();
        do {
            some.add(all.get(random.nextInt(all.size())));
        } while (random.nextInt(3) == 0);
        return List.copyOf(some);
    }

    private static RouteQuery query(Random random) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (String name : some(random, List.of("X-One", "x-two", "x-three"))) {
            some(random, List.of("V", "w", "other")).forEach(value -> headers.add(name, value));
        }
        if (random.nextInt(3) == 0) {
            headers.add(
                    "Content-Type", one(random, List.of("application/grpc", "application/grpc+proto", "text/plain")));
        }
        return new RouteQuery(
                random.nextBoolean() ? "http" : "https",
                random.nextBoolean(),
                one(random, METHODS),
                one(random, ASKED_HOSTS),
                8000,
                one(random, ASKED_PATHS),
                random.nextInt(3) == 0 ? null : one(random, SNIS),
                headers);
    }

    private static String one(Random random, List<String> all) {
        return all.get(random.nextInt(all.size()));
    }
}
