package io.drawbridge.core.proxy.plugin.builtin;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.proxy.plugin.Exchange;
import io.drawbridge.core.proxy.plugin.Plugin;
import java.util.concurrent.TimeUnit;

/** {@code prometheus}: counts requests, their bytes and how long they took. Thread-safe. */
final class Prometheus implements Plugin {
    private final boolean perConsumer;
    private final ProxyMeters meters;

    Prometheus(Settings settings, ProxyMeters meters) {
        this.perConsumer = settings.flag("per_consumer", false);
        this.meters = meters;
    }

    /* Until the head of the answer is there, what was not the service's time was ours. */
    @Override
    public void response(Exchange exchange) {
        exchange.notes()
                .put(this, System.nanoTime() - exchange.incoming().nanos() - Math.max(0, exchange.upstreamNanos()));
    }

    @Override
    public void log(Exchange exchange) {
        if (exchange.service().isEmpty()) {
            return;
        }
        Entity service = exchange.service().get();
        String serviceName = either(service, "name", "host");
        String routeName = either(exchange.route(), "name", "id");
        ProxyMeters.OfRoute route = meters.route(serviceName, routeName);
        route.answered(exchange.status());
        route.bytes(exchange.bytesIn(), exchange.bytesOut());
        route.request(millis(exchange.finishedNanos() - exchange.incoming().nanos()));
        if (exchange.upstreamNanos() >= 0) {
            route.upstream(millis(exchange.upstreamNanos()));
        }
        if (exchange.notes().get(this) instanceof Long own) {
            route.own(millis(Math.max(0, own)));
        }
        if (perConsumer && exchange.consumer().isPresent()) {
            meters.consumer(
                    serviceName,
                    routeName,
                    either(exchange.consumer().get(), "username", "custom_id"),
                    exchange.status());
        }
    }

    private static String either(Entity entity, String first, String second) {
        Object value = entity.get(first);
        return String.valueOf(value == null ? entity.get(second) : value);
    }

    private static double millis(long nanos) {
        return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }
}
