package io.drawbridge.core.proxy;

import java.util.List;

/**
 * What stands in front of this node, and how it says who asks. Immutable.
 *
 * @param networks addresses ({@code 10.0.0.1}) and networks ({@code 10.0.0.0/8}, {@code fd00::/8}) whose word counts
 * @param header that has the client's address, e.g. {@code X-Real-IP}
 * @param recursive whether of several addresses in it the last that is not itself trusted counts, instead of the last
 */
public record TrustedProxies(List<String> networks, String header, boolean recursive) {
    public TrustedProxies {
        networks = List.copyOf(networks);
        Networks.of(networks);
    }

    /** Nobody is believed. */
    public static TrustedProxies none() {
        return of(List.of());
    }

    /** These are, and say it in {@code X-Real-IP}, as Kong has it. */
    public static TrustedProxies of(List<String> networks) {
        return new TrustedProxies(networks, "X-Real-IP", false);
    }
}
