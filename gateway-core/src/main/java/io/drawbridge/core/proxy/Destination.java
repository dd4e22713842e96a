package io.drawbridge.core.proxy;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.proxy.tls.UpstreamTls;
import java.util.concurrent.TimeUnit;

/**
 * Where requests to a service go. Immutable.
 *
 * @param tls whether TLS is spoken, by {@code setup}
 * @param grpc whether HTTP/2 is spoken
 * @param retries most tries after the first
 * @param connectMillis longest wait for a connection
 * @param writeNanos longest wait between two writes
 * @param readNanos longest wait between two reads
 * @param unusable why no request can be sent there; null if it can
 */
record Destination(
        Balancer balancer,
        boolean tls,
        boolean grpc,
        UpstreamTls setup,
        int retries,
        long connectMillis,
        long writeNanos,
        long readNanos,
        String unusable) {
    private static final long STANDARD_MILLIS = 60_000;

    static Destination of(Entity service, Balancer balancer, UpstreamTls setup, String unusable) {
        String protocol = String.valueOf(service.get("protocol"));
        return new Destination(
                balancer,
                protocol.equals("https") || protocol.equals("grpcs") || protocol.equals("tls"),
                protocol.startsWith("grpc"),
                setup,
                (int) number(service, "retries", 5),
                number(service, "connect_timeout", STANDARD_MILLIS),
                TimeUnit.MILLISECONDS.toNanos(number(service, "write_timeout", STANDARD_MILLIS)),
                TimeUnit.MILLISECONDS.toNanos(number(service, "read_timeout", STANDARD_MILLIS)),
                unusable);
    }

    private static long number(Entity service, String field, long standard) {
        return service.get(field) instanceof Number number ? number.longValue() : standard;
    }
}
