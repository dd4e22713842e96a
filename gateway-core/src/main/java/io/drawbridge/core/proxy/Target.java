package io.drawbridge.core.proxy;

import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.util.regex.Pattern;

/**
 * One address of an upstream. Immutable.
 *
 * @param address where to connect
 * @param name that TLS asks for and checks
 * @param plainHost {@code Host} of requests without TLS
 * @param secureHost {@code Host} of requests over TLS
 * @param weight its share, at least 1
 */
record Target(SocketAddress address, String name, String plainHost, String secureHost, int weight) {
    private static final Pattern HOST_NAME = Pattern.compile(
            "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

    /** @param hostHeader {@code Host} of requests, null: that of the address */
    static Target of(String host, int port, String hostHeader, int weight) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        String shown = bare.indexOf(':') >= 0 ? "[" + bare + "]" : bare;
        boolean own = hostHeader == null;
        return new Target(
                SocketAddress.inetSocketAddress(port, bare),
                own ? bare : withoutPort(hostHeader),
                own ? port == 80 ? shown : shown + ":" + port : hostHeader,
                own ? port == 443 ? shown : shown + ":" + port : hostHeader,
                weight);
    }

    /** @param text {@code host:port} */
    static Target of(String text, String hostHeader, int weight) {
        int colon = text.lastIndexOf(':');
        return of(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)), hostHeader, weight);
    }

    String host(boolean tls) {
        return tls ? secureHost : plainHost;
    }

    static String withoutPort(String host) {
        if (host.startsWith("[")) {
            return host.substring(1, Math.max(1, host.indexOf(']')));
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    /** Whether TLS can ask for it: addresses and what is no host name it cannot. */
    static boolean canBeAskedFor(String name) {
        return name.length() <= 253 && HOST_NAME.matcher(name).matches() && !NetUtil.isValidIpV4Address(name);
    }
}
