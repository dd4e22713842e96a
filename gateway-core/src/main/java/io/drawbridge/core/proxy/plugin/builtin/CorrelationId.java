package io.drawbridge.core.proxy.plugin.builtin;

import io.drawbridge.core.proxy.plugin.Exchange;
import io.drawbridge.core.proxy.plugin.Plugin;
import io.drawbridge.core.proxy.plugin.Verdict;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** {@code correlation-id}: gives every request an identifier, unless it has one. Thread-safe. */
final class CorrelationId implements Plugin {
    private final String header;
    private final boolean echo;
    private final Function<Exchange, String> generator;

    CorrelationId(Settings settings, InstantSource clock) {
        this.header = settings.text("header_name", "Kong-Request-ID");
        this.echo = settings.flag("echo_downstream", false);
        this.generator = generator(settings.text("generator", "uuid#counter"), clock);
    }

    @Override
    public Future<Verdict> access(Exchange exchange) {
        if (!exchange.headers().contains(header)) {
            exchange.headers().set(header, generator.apply(exchange));
        }
        return Verdict.PASS;
    }

    /* The client's own is sent back even if another plugin has answered before this one was asked. */
    @Override
    public void response(Exchange exchange) {
        String id = echo ? exchange.headers().get(header) : null;
        if (id != null) {
            exchange.responseHeaders().set(header, id);
        }
    }

    private static Function<Exchange, String> generator(String name, InstantSource clock) {
        AtomicLong counter = new AtomicLong();
        return switch (name) {
            case "uuid" -> exchange -> random().toString();
            case "uuid#counter" -> {
                String prefix = random() + "#";
                yield exchange -> prefix + counter.incrementAndGet();
            }
            case "tracker" -> {
                long process = ProcessHandle.current().pid();
                yield exchange -> String.format(
                        Locale.ROOT,
                        "%s-%d-%d-1-%.3f",
                        exchange.incoming().server().replaceFirst(":(?=[0-9]+$)", "-"),
                        process,
                        counter.incrementAndGet(),
                        clock.millis() / 1000.0);
            }
            default -> throw new IllegalArgumentException("no generator " + name);
        };
    }

    /** Of version 4. Need not be secret, so that it need not be slow. */
    private static UUID random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(
                random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L);
    }
}
