package io.drawbridge.core.proxy.plugin;

import static io.drawbridge.core.proxy.plugin.Given.ALICE;
import static io.drawbridge.core.proxy.plugin.Given.ROUTE;
import static io.drawbridge.core.proxy.plugin.Given.SERVICE;
import static io.drawbridge.core.proxy.plugin.Given.exchange;
import static io.drawbridge.core.proxy.plugin.Given.plugin;
import static io.drawbridge.core.proxy.plugin.Given.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.entity.Entity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which plugins apply, compared with a slow choice from all that are configured. */
class PluginChainChoiceTest {
    private static final Entity BOB = Given.entity("consumers", 4, Map.of("username", "bob"));

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
                    List.of(
                            Chains.identifying("auth", who),
                            Chains.naming("p0", 9),
                            Chains.naming("p1", 5),
                            Chains.naming("p2", 1)),
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
                assertThat(Chains.called(exchange)).isEqualTo(expected);
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
                .max(Comparator.comparing(PluginChainChoiceTest::rank))
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
}
