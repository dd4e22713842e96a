package io.drawbridge.core.proxy;

import io.drawbridge.core.proxy.tls.Identity;
import java.util.List;
import java.util.Optional;

/**
 * How a proxy runs. Immutable.
 *
 * @param listeners where clients connect
 * @param eventLoops that serve them, 1 to 256. Default: one for each processor
 * @param product how answers name this node in {@code Via} and {@code Server}, e.g. {@code drawbridge/2.5.0}
 * @param identity shown to clients that ask for no name there is a certificate for; empty: one that is made at start
 * @param trusted what stands in front of this node. Default: nothing
 * @param limits its bounds
 */
public record ProxyOptions(
        List<Listener> listeners,
        int eventLoops,
        String product,
        Optional<Identity> identity,
        TrustedProxies trusted,
        ProxyLimits limits) {
    public ProxyOptions {
        listeners = List.copyOf(listeners);
        if (eventLoops < 1 || eventLoops > 256) {
            throw new IllegalArgumentException("eventLoops must be between 1 and 256");
        }
        if (!product.matches("[!-~]+")) {
            throw new IllegalArgumentException("product must be one word");
        }
    }

    public static ProxyOptions defaults(List<Listener> listeners, String product) {
        return new ProxyOptions(
                listeners,
                Math.min(256, Runtime.getRuntime().availableProcessors()),
                product,
                Optional.empty(),
                TrustedProxies.none(),
                ProxyLimits.defaults());
    }

    public ProxyOptions identifiedBy(Identity own) {
        return new ProxyOptions(listeners, eventLoops, product, Optional.of(own), trusted, limits);
    }

    public ProxyOptions trusting(TrustedProxies front) {
        return new ProxyOptions(listeners, eventLoops, product, identity, front, limits);
    }

    public ProxyOptions within(ProxyLimits bounds) {
        return new ProxyOptions(listeners, eventLoops, product, identity, trusted, bounds);
    }
}
