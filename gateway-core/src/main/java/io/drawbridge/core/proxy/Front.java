package io.drawbridge.core.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/** Who asks, through what stands in front of this node, and what the service behind it is told of that. Immutable. */
final class Front {
    private static final CharSequence FOR = HttpHeaders.createOptimized("X-Forwarded-For");
    private static final CharSequence PROTO = HttpHeaders.createOptimized("X-Forwarded-Proto");
    private static final CharSequence HOST = HttpHeaders.createOptimized("X-Forwarded-Host");
    private static final CharSequence PORT = HttpHeaders.createOptimized("X-Forwarded-Port");
    private static final CharSequence PATH = HttpHeaders.createOptimized("X-Forwarded-Path");
    private static final CharSequence PREFIX = HttpHeaders.createOptimized("X-Forwarded-Prefix");
    private static final CharSequence REAL_IP = HttpHeaders.createOptimized("X-Real-IP");

    private final TrustedProxies trusted;
    private final Networks networks;

    Front(TrustedProxies trusted) {
        this.trusted = trusted;
        this.networks = Networks.of(trusted.networks());
    }

    boolean isTrusted(String peer) {
        return networks.contains(peer);
    }

    /** What the client used. */
    String scheme(boolean believed, boolean tls, MultiMap headers) {
        String said = believed ? headers.get(PROTO) : null;
        return said == null ? tls ? "https" : "http" : said.equalsIgnoreCase("https") ? "https" : "http";
    }

    /** The client's address. */
    String client(boolean believed, String peer, MultiMap headers) {
        if (!believed) {
            return peer;
        }
        List<String> said = headers.getAll(trusted.header());
        String found = peer;
        for (int i = said.size() - 1; i >= 0; i--) {
            String[] addresses = said.get(i).split(",", 64);
            for (int j = addresses.length - 1; j >= 0; j--) {
                String address = addresses[j].strip();
                if (!Networks.isAddress(address)) {
                    return found;
                }
                found = address;
                if (!trusted.recursive() || !networks.contains(address)) {
                    return found;
                }
            }
        }
        return found;
    }

    /**
     * Says it in the headers that go on.
     *
     * @param believed whether what is said there already counts
     * @param stripped what was taken off the path; null if nothing
     */
    void describe(MultiMap headers, boolean believed, ClientConnection connection, Told told, String stripped) {
        String before = headers.get(FOR);
        headers.set(FOR, before == null ? connection.peer() : all(headers, before) + ", " + connection.peer());
        headers.set(REAL_IP, told.client());
        tell(headers, PROTO, believed, told.tls() ? "https" : "http");
        tell(headers, HOST, believed, told.asked().host());
        tell(headers, PORT, believed, Integer.toString(connection.port()));
        tell(headers, PATH, believed, told.asked().path());
        tell(headers, PREFIX, believed, stripped);
    }

    private static String all(MultiMap headers, String first) {
        List<String> said = headers.getAll(FOR);
        return said.size() == 1 ? first : String.join(", ", said);
    }

    private static void tell(MultiMap headers, CharSequence name, boolean believed, String value) {
        if (believed && headers.contains(name)) {
            return;
        }
        if (value == null) {
            headers.remove(name);
        } else {
            headers.set(name, value);
        }
    }

    /** What is told. @param client address of who asks @param tls whether this node was asked over TLS */
    record Told(Asked asked, String client, boolean tls) {}
}
