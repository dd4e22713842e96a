package io.drawbridge.core.proxy.plugin;

import static io.drawbridge.core.proxy.plugin.Given.ALICE;
import static io.drawbridge.core.proxy.plugin.Given.ROUTE;
import static io.drawbridge.core.proxy.plugin.Given.SERVICE;
import static io.drawbridge.core.proxy.plugin.Given.answer;
import static io.drawbridge.core.proxy.plugin.Given.exchange;
import static io.drawbridge.core.proxy.plugin.Given.plugin;
import static io.drawbridge.core.proxy.plugin.Given.reference;
import static io.drawbridge.core.proxy.plugin.Given.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.core.entity.Entity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PluginChainTest {
    private static final Entity BOB = Given.entity("consumers", 4, Map.of("username", "bob"));
    private static final String CALLED = "called";

    @Test
    void access_nothingConfigured_passesAtOnce() {
        Exchange exchange = exchange();
        PluginChain chain = PluginChain.of(snapshot(List.of()), List.of(noting("a", 1)), PluginChain.empty());
        assertThat(chain.access(exchange)).isSameAs(Verdict.PASS);
        chain.response(exchange);
        chain.log(exchange);
        assertThat(exchange.notes()).isEmpty();
    }

    @Test
    void phases_runByPriority_thenByName() {
        Exchange exchange = exchange();
        PluginChain chain = chain(
                List.of(noting("late", 1), noting("b", 5), noting("a", 5), noting("first", 9)),
                plugin(11, "late", Map.of()),
                plugin(12, "b", Map.of()),
                plugin(13, "a", Map.of()),
                plugin(14, "first", Map.of()));
        assertThat(chain.access(exchange)).isSameAs(Verdict.PASS);
        chain.response(exchange);
        chain.log(exchange);
        assertThat(called(exchange))
                .containsExactly(
                        "access first",
                        "access a",
                        "access b",
                        "access late",
                        "response first",
                        "response a",
                        "response b",
                        "response late",
                        "log first",
                        "log a",
                        "log b",
                        "log late");
    }

    @Test
    void access_answered_otherPluginsSeeTheAnswerOnly() {
        Exchange exchange = exchange();
        PluginChain chain = chain(
                List.of(
                        noting("before", 9),
                        kind("stop", 5, at -> Verdict.refuse(401, "no", Map.of())),
                        noting("after", 1)),
                plugin(11, "before", Map.of()),
                plugin(12, "stop", Map.of()),
                plugin(13, "after", Map.of()));
        assertThat(answer(chain.access(exchange)).status()).isEqualTo(401);
        chain.response(exchange);
        chain.log(exchange);
        assertThat(called(exchange))
                .containsExactly("access before", "response before", "response after", "log before", "log after");
    }

    @Test
    void access_pluginFails_is500AndOthersRunOn() {
        for (PluginKind failing : List.of(
                kind("bad", 5, at -> Future.failedFuture("no")), kind("bad", 5, at -> null), kind("bad", 5, at -> {
                    throw new IllegalStateException("no");
                }))) {
            Exchange exchange = exchange();
            PluginChain chain =
                    chain(List.of(failing, noting("z", 1)), plugin(11, "bad", Map.of()), plugin(12, "z", Map.of()));
            Verdict.Answer answer = answer(chain.access(exchange));
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body().toString()).isEqualTo("{\"message\":\"An unexpected error occurred\"}");
            chain.response(exchange);
            chain.log(exchange);
            assertThat(called(exchange)).containsExactly("response z", "log z");
        }
    }

    @Test
    void access_pluginsThatTakeTheirTime_goOnWhereTheyWere() {
        List<Promise<Verdict>> pending = new ArrayList<>();
        PluginKind slow = kind("slow", 5, at -> {
            pending.add(Promise.promise());
            return pending.get(pending.size() - 1).future();
        });
        Exchange exchange = exchange();
        PluginChain chain =
                chain(List.of(slow, noting("z", 1)), plugin(11, "slow", Map.of()), plugin(12, "z", Map.of()));
        Future<Verdict> outcome = chain.access(exchange);
        assertThat(outcome.isComplete()).isFalse();
        assertThat(exchange.notes()).isEmpty();
        pending.get(0).complete(Verdict.PASS.result());
        assertThat(outcome.result()).isInstanceOf(Verdict.Pass.class);
        assertThat(called(exchange)).containsExactly("access z");

        Future<Verdict> refused = chain.access(exchange());
        pending.get(1).complete(Verdict.refuse(403, "no", Map.of()).result());
        assertThat(answer(refused).status()).isEqualTo(403);
    }

    @Test
    void access_thousandsOfSlowPlugins_takeNoStack() {
        List<PluginKind> kinds = new ArrayList<>();
        List<Entity> plugins = new ArrayList<>();
        List<Promise<Verdict>> pending = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            int number = i;
            kinds.add(kind("p" + i, i, at -> {
                if (number % 100 != 0) {
                    return Verdict.PASS;
                }
                pending.add(Promise.promise());
                return pending.get(pending.size() - 1).future();
            }));
            plugins.add(plugin(1000 + i, "p" + i, Map.of()));
        }
        Future<Verdict> outcome =
                PluginChain.of(snapshot(plugins), kinds, PluginChain.empty()).access(exchange());
        for (int i = 0; i < 200; i++) {
            assertThat(outcome.isComplete()).isFalse();
            pending.get(i).complete(Verdict.PASS.result());
        }
        assertThat(outcome.result()).isInstanceOf(Verdict.Pass.class);
    }

    @Test
    void of_samePluginEntity_isNotMadeAgain() {
        AtomicInteger made = new AtomicInteger();
        PluginKind counting = new TestKind("a", 1, entity -> {
            made.incrementAndGet();
            return new Plugin() {};
        });
        Entity kept = plugin(11, "a", Map.of());
        PluginChain first = chain(List.of(counting), kept, plugin(12, "a", Map.of("route", reference(ROUTE))));
        assertThat(made.get()).isEqualTo(2);
        PluginChain.of(
                snapshot(List.of(kept, plugin(12, "a", Map.of("service", reference(SERVICE))))),
                List.of(counting),
                first);
        assertThat(made.get()).isEqualTo(3);
    }

    @Test
    void of_twoKindsOfOneName_areRefused() {
        assertThatThrownBy(() -> chain(List.of(noting("a", 1), noting("a", 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two plugins of the name a");
    }

    @Test
    void unusable_namesWhatIsNotThereAndWhatRefused() {
        PluginKind picky = new TestKind("picky", 1, entity -> {
            throw new IllegalArgumentException("only local");
        });
        PluginKind broken = new TestKind("broken", 1, entity -> {
            throw new IllegalStateException("secret");
        });
        PluginChain chain = chain(
                List.of(picky, broken, noting("a", 1)),
                plugin(11, "picky", Map.of()),
                plugin(12, "jwt", Map.of()),
                plugin(13, "a", Map.of()),
                plugin(14, "broken", Map.of()),
                plugin(15, "basic-auth", Map.of("enabled", false)));
        assertThat(chain.unusable())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        Given.id(11), "picky: only local",
                        Given.id(12), "jwt: this node has no such plugin",
                        Given.id(14), "broken: it could not be made"));
    }

    @Test
    void access_pluginThatIsNotThere_is503BeforeAnyOtherCanAnswer() {
        PluginChain chain = chain(
                List.of(kind("request-termination", 2000, at -> Verdict.refuse(200, "inside", Map.of()))),
                plugin(11, "request-termination", Map.of()),
                plugin(12, "jwt", Map.of("service", reference(SERVICE))));
        Verdict.Answer answer = answer(chain.access(exchange()));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body().toString()).isEqualTo("{\"message\":\"plugin jwt is not available on this node\"}");
        Entity other = Given.entity("services", 77, Map.of("host", "other"));
        Entity elsewhere = Given.entity("routes", 78, Map.of("service", reference(other)));
        assertThat(answer(chain.access(Given.request().on(elsewhere, other).exchange()))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void access_pluginThatIsNotThereForAConsumer_is503OnceHeIsKnown() {
        PluginChain chain = chain(
                List.of(identifying("key-auth", ALICE), kind("z", 1, at -> Verdict.refuse(200, "inside", Map.of()))),
                plugin(11, "key-auth", Map.of()),
                plugin(12, "z", Map.of()),
                plugin(13, "quota", Map.of("consumer", reference(ALICE))));
        assertThat(answer(chain.access(exchange())).status()).isEqualTo(503);
        PluginChain last = chain(
                List.of(identifying("key-auth", ALICE)),
                plugin(11, "key-auth", Map.of()),
                plugin(13, "quota", Map.of("consumer", reference(ALICE))));
        assertThat(answer(last.access(exchange())).status()).isEqualTo(503);
        PluginChain ofBob = chain(
                List.of(identifying("key-auth", ALICE)),
                plugin(11, "key-auth", Map.of()),
                plugin(13, "quota", Map.of("consumer", reference(BOB))));
        assertThat(ofBob.access(exchange())).isSameAs(Verdict.PASS);
    }

    @Test
    void access_unusableForAllButUsableForTheConsumer_isTheConsumers() {
        PluginKind limit = new TestKind("limit", 1, entity -> {
            if (entity.reference("consumer") == null) {
                throw new IllegalArgumentException("no");
            }
            return new Plugin() {};
        });
        Entity[] plugins = {
            plugin(11, "key-auth", Map.of()),
            plugin(12, "limit", Map.of()),
            plugin(13, "limit", Map.of("consumer", reference(ALICE)))
        };
        assertThat(chain(List.of(limit, identifying("key-auth", ALICE)), plugins)
                        .access(exchange()))
                .isSameAs(Verdict.PASS);
        assertThat(answer(chain(List.of(limit, identifying("key-auth", BOB)), plugins)
                                .access(exchange()))
                        .status())
                .isEqualTo(503);
    }

    @Test
    void access_protocols_areThoseOfTheRequestAndTheRoute() {
        Entity grpc = Given.entity("routes", 5, Map.of("protocols", List.of("grpc", "grpcs")));
        PluginChain chain = chain(
                List.of(noting("a", 1)),
                plugin(11, "a", Map.of("protocols", List.of("https"))),
                plugin(12, "a", Map.of("protocols", List.of("grpc"), "service", reference(SERVICE))));
        assertThat(seen(chain, Given.request())).isEmpty();
        assertThat(seen(chain, Given.request().scheme("https"))).containsExactly("access a");
        assertThat(seen(chain, Given.request().on(grpc, SERVICE))).containsExactly("access a");
        assertThat(seen(chain, Given.request().on(grpc, SERVICE).scheme("https")))
                .isEmpty();
    }

    /** Compares with a slow choice from all, thousands of times. */
    @Test
    void access_anyConfiguration_appliesWhatTheDocumentationSays() {
        Random random = new Random(7);
        List<Entity> services = List.of(SERVICE, Given.entity("services", 21, Map.of("host", "b")));
        List<Entity> routes = List.of(ROUTE, Given.entity("routes", 22, Map.of()));
        List<Entity> consumers = List.of(ALICE, BOB);
        for (int round = 0; round < 3000; round++) {
            List<Entity> plugins = randomPlugins(random, services, routes, consumers);
            Entity who = oneOrNone(random, consumers);
            PluginChain chain = PluginChain.of(
                    snapshot(plugins),
                    List.of(identifying("auth", who), naming("p0", 9), naming("p1", 5), naming("p2", 1)),
                    PluginChain.empty());
            Entity ofFirst = oneOrNone(random, services);
            Entity ofSecond = oneOrNone(random, services);
            for (int i = 0; i < 4; i++) {
                Entity route = routes.get(i / 2);
                Entity service = i / 2 == 0 ? ofFirst : ofSecond;
                String scheme = i % 2 == 0 ? "http" : "https";
                Exchange exchange =
                        Given.request().on(route, service).scheme(scheme).exchange();
                assertThat(chain.access(exchange)).isSameAs(Verdict.PASS);
                List<String> expected = IntStream.range(0, 3)
                        .boxed()
                        .flatMap(number -> expected("p" + number, plugins, route, service, who, scheme))
                        .toList();
                assertThat(called(exchange)).isEqualTo(expected);
            }
        }
    }

    private static List<Entity> randomPlugins(
            Random random, List<Entity> services, List<Entity> routes, List<Entity> consumers) {
        Map<List<Object>, Entity> unique = new HashMap<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            Map<String, Object> values = new HashMap<>();
            scoped(values, "route", oneOrNone(random, routes));
            scoped(values, "service", oneOrNone(random, services));
            scoped(values, "consumer", oneOrNone(random, consumers));
            values.put("enabled", random.nextInt(5) > 0);
            values.put("protocols", random.nextInt(3) > 0 ? List.of("http", "https") : List.of("https"));
            String name = "p" + random.nextInt(3);
            List<Object> key = Stream.of(name, values.get("route"), values.get("service"), values.get("consumer"))
                    .map(String::valueOf)
                    .<Object>map(text -> text)
                    .toList();
            unique.put(key, plugin(1000 + i, name, values));
        }
        List<Entity> all = new ArrayList<>(unique.values());
        all.add(plugin(99, "auth", Map.of()));
        return all;
    }

    private static Stream<String> expected(
            String name, List<Entity> plugins, Entity route, Entity service, Entity consumer, String scheme) {
        return plugins.stream()
                .filter(one ->
                        one.get("name").equals(name) && one.get("enabled").equals(true))
                .filter(one -> ((List<?>) one.get("protocols")).contains(scheme))
                .filter(one ->
                        fits(one, "route", route) && fits(one, "service", service) && fits(one, "consumer", consumer))
                .max(Comparator.comparing(PluginChainTest::rank))
                .map(one -> name + " " + one.id())
                .stream();
    }

    /** Eight places, the highest wins. */
    private static int rank(Entity plugin) {
        boolean route = plugin.reference("route") != null;
        boolean service = plugin.reference("service") != null;
        if (plugin.reference("consumer") != null) {
            return route && service ? 8 : route ? 7 : service ? 6 : 4;
        }
        return route && service ? 5 : route ? 3 : service ? 2 : 1;
    }

    private static boolean fits(Entity plugin, String field, Entity actual) {
        return plugin.reference(field) == null
                || actual != null && plugin.reference(field).equals(actual.id());
    }

    private static void scoped(Map<String, Object> values, String field, Entity to) {
        if (to != null) {
            values.put(field, Given.reference(to));
        }
    }

    private static Entity oneOrNone(Random random, List<Entity> from) {
        int which = random.nextInt(from.size() + 1);
        return which == from.size() ? null : from.get(which);
    }

    private static List<String> seen(PluginChain chain, Given.Request request) {
        Exchange exchange = request.exchange();
        assertThat(chain.access(exchange)).isSameAs(Verdict.PASS);
        return called(exchange);
    }

    private static PluginChain chain(List<PluginKind> kinds, Entity... plugins) {
        return PluginChain.of(snapshot(List.of(plugins)), kinds, PluginChain.empty());
    }

    private static List<String> called(Exchange exchange) {
        return ((List<?>) exchange.notes().getOrDefault(CALLED, List.of()))
                .stream().map(String.class::cast).toList();
    }

    private static Future<Verdict> note(Exchange exchange, String what) {
        List<String> all = new ArrayList<>(called(exchange));
        all.add(what);
        exchange.notes().put(CALLED, all);
        return Verdict.PASS;
    }

    /** Notes its phases. */
    private static PluginKind noting(String name, int priority) {
        return new TestKind(name, priority, entity -> new Plugin() {
            @Override
            public Future<Verdict> access(Exchange exchange) {
                return note(exchange, "access " + name);
            }

            @Override
            public void response(Exchange exchange) {
                note(exchange, "response " + name);
            }

            @Override
            public void log(Exchange exchange) {
                note(exchange, "log " + name);
            }
        });
    }

    /** Notes which of its name it is. */
    private static PluginKind naming(String name, int priority) {
        return new TestKind(name, priority, entity -> new Plugin() {
            @Override
            public Future<Verdict> access(Exchange exchange) {
                return note(exchange, name + " " + entity.id());
            }
        });
    }

    private static PluginKind identifying(String name, Entity who) {
        return kind(name, 1000, exchange -> {
            exchange.authenticated(who, null);
            return Verdict.PASS;
        });
    }

    private static PluginKind kind(String name, int priority, Function<Exchange, Future<Verdict>> access) {
        return new TestKind(name, priority, entity -> new Plugin() {
            @Override
            public Future<Verdict> access(Exchange exchange) {
                return access.apply(exchange);
            }
        });
    }

    private record TestKind(String name, int priority, Function<Entity, Plugin> maker) implements PluginKind {
        @Override
        public String version() {
            return "1.0.0";
        }

        @Override
        public Plugin create(Entity configured) {
            return maker.apply(configured);
        }
    }
}
