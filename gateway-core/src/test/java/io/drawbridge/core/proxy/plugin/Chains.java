package io.drawbridge.core.proxy.plugin;

import static io.drawbridge.core.proxy.plugin.Given.exchange;
import static io.drawbridge.core.proxy.plugin.Given.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.entity.Entity;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Plugins of tests, and the chains that they are in. */
final class Chains {
    static final String CALLED = "called";

    private Chains() {}

    static List<String> seen(PluginChain chain, Given.Request request) {
        Exchange exchange = request.exchange();
        assertThat(chain.access(exchange)).isSameAs(Verdict.PASS);
        return called(exchange);
    }

    static PluginChain chain(List<PluginKind> kinds, Entity... plugins) {
        return PluginChain.of(snapshot(List.of(plugins)), kinds, PluginChain.empty());
    }

    static List<String> called(Exchange exchange) {
        return ((List<?>) exchange.notes().getOrDefault(CALLED, List.of()))
                .stream().map(String.class::cast).toList();
    }

    static Future<Verdict> note(Exchange exchange, String what) {
        List<String> all = new ArrayList<>(called(exchange));
        all.add(what);
        exchange.notes().put(CALLED, all);
        return Verdict.PASS;
    }

    /** Notes its phases. */
    static PluginKind noting(String name, int priority) {
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
    static PluginKind naming(String name, int priority) {
        return new TestKind(name, priority, entity -> new Plugin() {
            @Override
            public Future<Verdict> access(Exchange exchange) {
                return note(exchange, name + " " + entity.id());
            }
        });
    }

    static PluginKind identifying(String name, Entity who) {
        return kind(name, 1000, exchange -> {
            exchange.authenticated(who, null);
            return Verdict.PASS;
        });
    }

    static PluginKind kind(String name, int priority, Function<Exchange, Future<Verdict>> access) {
        return new TestKind(name, priority, entity -> new Plugin() {
            @Override
            public Future<Verdict> access(Exchange exchange) {
                return access.apply(exchange);
            }
        });
    }

    record TestKind(String name, int priority, Function<Entity, Plugin> maker) implements PluginKind {
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
