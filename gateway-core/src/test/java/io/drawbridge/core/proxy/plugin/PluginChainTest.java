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
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PluginChainTest {
    private static final Entity BOB = Given.entity("consumers", 4, Map.of("username", "bob"));

    @Test
    void access_nothingConfigured_passesAtOnce() {
        Exchange exchange = exchange();
        PluginChain chain = PluginChain.of(snapshot(List.of()), List.of(Chains.noting("a", 1)), PluginChain.empty());
        assertThat(chain.access(exchange)).isSameAs(Verdict.PASS);
        chain.response(exchange);
        chain.log(exchange);
        assertThat(exchange.notes()).isEmpty();
    }

    @Test
    void phases_runByPriority_thenByName() {
        Exchange exchange = exchange();
        PluginChain chain = Chains.chain(
                List.of(
                        Chains.noting("late", 1),
                        Chains.noting("b", 5),
                        Chains.noting("a", 5),
                        Chains.noting("first", 9)),
                plugin(11, "late", Map.of()),
                plugin(12, "b", Map.of()),
                plugin(13, "a", Map.of()),
                plugin(14, "first", Map.of()));
        assertThat(chain.access(exchange)).isSameAs(Verdict.PASS);
        chain.response(exchange);
        chain.log(exchange);
        assertThat(Chains.called(exchange))
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
        PluginChain chain = Chains.chain(
                List.of(
                        Chains.noting("before", 9),
                        Chains.kind("stop", 5, at -> Verdict.refuse(401, "no", Map.of())),
                        Chains.noting("after", 1)),
                plugin(11, "before", Map.of()),
                plugin(12, "stop", Map.of()),
                plugin(13, "after", Map.of()));
        assertThat(answer(chain.access(exchange)).status()).isEqualTo(401);
        chain.response(exchange);
        chain.log(exchange);
        assertThat(Chains.called(exchange))
                .containsExactly("access before", "response before", "response after", "log before", "log after");
    }

    @Test
    void access_pluginFails_is500AndOthersRunOn() {
        for (PluginKind failing : List.of(
                Chains.kind("bad", 5, at -> Future.failedFuture("no")),
                Chains.kind("bad", 5, at -> null),
                Chains.kind("bad", 5, at -> {
                    throw new IllegalStateException("no");
                }))) {
            Exchange exchange = exchange();
            PluginChain chain = Chains.chain(
                    List.of(failing, Chains.noting("z", 1)), plugin(11, "bad", Map.of()), plugin(12, "z", Map.of()));
            Verdict.Answer answer = answer(chain.access(exchange));
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body().toString()).isEqualTo("{\"message\":\"An unexpected error occurred\"}");
            chain.response(exchange);
            chain.log(exchange);
            assertThat(Chains.called(exchange)).containsExactly("response z", "log z");
        }
    }

    @Test
    void access_pluginsThatTakeTheirTime_goOnWhereTheyWere() {
        List<Promise<Verdict>> pending = new ArrayList<>();
        PluginKind slow = Chains.kind("slow", 5, at -> {
            pending.add(Promise.promise());
            return pending.get(pending.size() - 1).future();
        });
        Exchange exchange = exchange();
        PluginChain chain = Chains.chain(
                List.of(slow, Chains.noting("z", 1)), plugin(11, "slow", Map.of()), plugin(12, "z", Map.of()));
        Future<Verdict> outcome = chain.access(exchange);
        assertThat(outcome.isComplete()).isFalse();
        assertThat(exchange.notes()).isEmpty();
        pending.get(0).complete(Verdict.PASS.result());
        assertThat(outcome.result()).isInstanceOf(Verdict.Pass.class);
        assertThat(Chains.called(exchange)).containsExactly("access z");

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
            kinds.add(Chains.kind("p" + i, i, at -> {
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
        PluginKind counting = new Chains.TestKind("a", 1, entity -> {
            made.incrementAndGet();
            return new Plugin() {};
        });
        Entity kept = plugin(11, "a", Map.of());
        PluginChain first = Chains.chain(List.of(counting), kept, plugin(12, "a", Map.of("route", reference(ROUTE))));
        assertThat(made.get()).isEqualTo(2);
        PluginChain.of(
                snapshot(List.of(kept, plugin(12, "a", Map.of("service", reference(SERVICE))))),
                List.of(counting),
                first);
        assertThat(made.get()).isEqualTo(3);
    }

    @Test
    void of_twoKindsOfOneName_areRefused() {
        assertThatThrownBy(() -> Chains.chain(List.of(Chains.noting("a", 1), Chains.noting("a", 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two plugins of the name a");
    }

    @Test
    void unusable_namesWhatIsNotThereAndWhatRefused() {
        PluginKind picky = new Chains.TestKind("picky", 1, entity -> {
            throw new IllegalArgumentException("only local");
        });
        PluginKind broken = new Chains.TestKind("broken", 1, entity -> {
            throw new IllegalStateException("secret");
        });
        PluginChain chain = Chains.chain(
                List.of(picky, broken, Chains.noting("a", 1)),
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
        PluginChain chain = Chains.chain(
                List.of(Chains.kind("request-termination", 2000, at -> Verdict.refuse(200, "inside", Map.of()))),
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
        PluginChain chain = Chains.chain(
                List.of(
                        Chains.identifying("key-auth", ALICE),
                        Chains.kind("z", 1, at -> Verdict.refuse(200, "inside", Map.of()))),
                plugin(11, "key-auth", Map.of()),
                plugin(12, "z", Map.of()),
                plugin(13, "quota", Map.of("consumer", reference(ALICE))));
        assertThat(answer(chain.access(exchange())).status()).isEqualTo(503);
        PluginChain last = Chains.chain(
                List.of(Chains.identifying("key-auth", ALICE)),
                plugin(11, "key-auth", Map.of()),
                plugin(13, "quota", Map.of("consumer", reference(ALICE))));
        assertThat(answer(last.access(exchange())).status()).isEqualTo(503);
        PluginChain ofBob = Chains.chain(
                List.of(Chains.identifying("key-auth", ALICE)),
                plugin(11, "key-auth", Map.of()),
                plugin(13, "quota", Map.of("consumer", reference(BOB))));
        assertThat(ofBob.access(exchange())).isSameAs(Verdict.PASS);
    }

    @Test
    void access_unusableForAllButUsableForTheConsumer_isTheConsumers() {
        PluginKind limit = new Chains.TestKind("limit", 1, entity -> {
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
        assertThat(Chains.chain(List.of(limit, Chains.identifying("key-auth", ALICE)), plugins)
                        .access(exchange()))
                .isSameAs(Verdict.PASS);
        assertThat(answer(Chains.chain(List.of(limit, Chains.identifying("key-auth", BOB)), plugins)
                                .access(exchange()))
                        .status())
                .isEqualTo(503);
    }

    @Test
    void access_protocols_areThoseOfTheRequestAndTheRoute() {
        Entity grpc = Given.entity("routes", 5, Map.of("protocols", List.of("grpc", "grpcs")));
        PluginChain chain = Chains.chain(
                List.of(Chains.noting("a", 1)),
                plugin(11, "a", Map.of("protocols", List.of("https"))),
                plugin(12, "a", Map.of("protocols", List.of("grpc"), "service", reference(SERVICE))));
        assertThat(Chains.seen(chain, Given.request())).isEmpty();
        assertThat(Chains.seen(chain, Given.request().scheme("https"))).containsExactly("access a");
        assertThat(Chains.seen(chain, Given.request().on(grpc, SERVICE))).containsExactly("access a");
        assertThat(Chains.seen(chain, Given.request().on(grpc, SERVICE).scheme("https")))
                .isEmpty();
    }

    /** Compares with a slow choice from all, thousands of times. */
}
