package io.drawbridge.core.proxy.plugin.builtin;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.proxy.plugin.Exchange;
import io.drawbridge.core.proxy.plugin.Plugin;
import io.drawbridge.core.proxy.plugin.Verdict;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code rate-limiting}: so many requests in a period, each node counting its own. Thread-safe. */
final class RateLimiting implements Plugin {
    private static final Logger LOG = LoggerFactory.getLogger(RateLimiting.class);
    private static final String EXCEEDED = "API rate limit exceeded";

    private final RateCounters counters;
    private final String scope;
    private final long[] limits;
    private final Function<Exchange, Optional<String>> caller;
    private final boolean hide;

    private RateLimiting(
            RateCounters counters,
            String scope,
            long[] limits,
            Function<Exchange, Optional<String>> caller,
            boolean hide) {
        this.counters = counters;
        this.scope = scope;
        this.limits = limits;
        this.caller = caller;
        this.hide = hide;
    }

    /** @param counters of all limits: a plugin that changes goes on with what was counted */
    static RateLimiting of(Entity plugin, RateCounters counters) {
        Settings settings = Settings.of(plugin);
        String policy = settings.text("policy", "cluster");
        if (policy.equals("redis")) {
            throw new IllegalArgumentException("policy redis is not available, local is");
        }
        if (policy.equals("cluster")) {
            /* The default: refusing it would answer everything with 503. Stricter than none, looser than meant. */
            LOG.warn(
                    "limit is counted by each node for itself: policy cluster is not available plugin={}", plugin.id());
        }
        long[] limits = new long[Period.ALL.size()];
        boolean some = false;
        for (Period period : Period.ALL) {
            limits[period.ordinal()] = settings.number(period.field());
            some |= limits[period.ordinal()] > 0;
        }
        if (!some) {
            throw new IllegalArgumentException("no limit");
        }
        return new RateLimiting(
                counters,
                plugin.reference("route") + ":" + plugin.reference("service"),
                limits,
                caller(settings),
                settings.flag("hide_client_headers", false));
    }

    @Override
    public Future<Verdict> access(Exchange exchange) {
        String identifier = caller.apply(exchange).orElse(exchange.incoming().client());
        RateCounters.Usage usage = counters.take(new RateCounters.Key(scope, identifier), limits);
        Map<String, String> headers = hide ? Map.of() : headers(usage);
        if (usage.exceeded() != null) {
            return Verdict.refuse(429, EXCEEDED, headers);
        }
        headers.forEach(exchange.responseHeaders()::set);
        return Verdict.PASS;
    }

    /** For every period, and once more for the one that will be exceeded first. */
    private Map<String, String> headers(RateCounters.Usage usage) {
        Map<String, String> headers = new LinkedHashMap<>();
        Period first = null;
        long firstLeft = 0;
        for (Period period : Period.ALL) {
            long limit = limits[period.ordinal()];
            if (limit > 0) {
                long left = left(usage, period);
                headers.put(period.limitHeader, Long.toString(limit));
                headers.put(period.remainingHeader, Long.toString(left));
                if (first == null || left <= firstLeft) {
                    first = period;
                    firstLeft = left;
                }
            }
        }
        String reset = Long.toString(reset(first, usage.millis()));
        headers.put("RateLimit-Limit", Long.toString(limits[first.ordinal()]));
        headers.put("RateLimit-Remaining", Long.toString(firstLeft));
        headers.put("RateLimit-Reset", reset);
        if (usage.exceeded() != null) {
            headers.put("Retry-After", reset);
        }
        return headers;
    }

    /* Of a request that is refused, the periods that are not exceeded count nothing. */
    private static long left(RateCounters.Usage usage, Period period) {
        long before = usage.left()[period.ordinal()];
        boolean counted = usage.exceeded() == null || usage.exceeded() == period;
        return Math.max(0, counted ? before - 1 : before);
    }

    private static long reset(Period period, long millis) {
        return Math.max(1, period.length - (millis - period.begin(millis)) / 1000);
    }

    private static Function<Exchange, Optional<String>> caller(Settings settings) {
        String by = settings.text("limit_by", "consumer");
        return switch (by) {
            case "consumer" -> exchange -> id(exchange.consumer().or(exchange::credential));
            case "credential" -> exchange -> id(exchange.credential());
            case "service" -> exchange -> id(exchange.service());
            case "header" -> {
                String name = required(settings, "header_name");
                yield exchange -> Optional.ofNullable(exchange.headers().get(name));
            }
            case "path" -> {
                String path = required(settings, "path");
                yield exchange -> Optional.of(path).filter(exchange.incoming().path()::equals);
            }
            case "ip" -> exchange -> Optional.empty();
            default -> throw new IllegalArgumentException("limit_by " + by + " is not available");
        };
    }

    private static String required(Settings settings, String name) {
        String value = settings.text(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    private static Optional<String> id(Optional<Entity> entity) {
        return entity.map(there -> (String) there.get("id"));
    }
}
