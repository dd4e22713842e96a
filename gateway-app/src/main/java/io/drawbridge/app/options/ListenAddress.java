package io.drawbridge.app.options;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where to listen. Immutable.
 *
 * @param host address or name; an IPv6 address without brackets
 * @param port 0 for any free one
 * @param tls whether TLS was asked for
 * @param http2 whether HTTP/2 was asked for
 */
public record ListenAddress(String host, int port, boolean tls, boolean http2) {
    /* Flags that Kong passes on to nginx; they have no meaning here and are accepted so that its files can be used. */
    private static final Set<String> NGINX_FLAGS =
            Set.of("proxy_protocol", "deferred", "bind", "reuseport", "so_keepalive");

    static List<ListenAddress> parse(String text) {
        List<ListenAddress> addresses = new ArrayList<>();
        for (String each : Kind.split(text)) {
            if (!each.equals("off")) {
                addresses.add(one(each));
            }
        }
        return List.copyOf(addresses);
    }

    private static ListenAddress one(String text) {
        String[] words = text.split("\\s+");
        boolean tls = false;
        boolean http2 = false;
        for (int i = 1; i < words.length; i++) {
            String flag = words[i];
            if (flag.equals("ssl")) {
                tls = true;
            } else if (flag.equals("http2")) {
                http2 = true;
            } else if (!NGINX_FLAGS.contains(flag)
                    && !flag.startsWith("backlog=")
                    && !flag.startsWith("so_keepalive=")) {
                throw new IllegalArgumentException("unknown flag '" + flag + "'");
            }
        }
        int colon = words[0].lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("no port");
        }
        String host = words[0].substring(0, colon);
        int port = Integer.parseInt(words[0].substring(colon + 1));
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("no such port");
        }
        boolean brackets = host.startsWith("[") && host.endsWith("]");
        return new ListenAddress(brackets ? host.substring(1, host.length() - 1) : host, port, tls, http2);
    }

    /** As Kong's clients read a listener. */
    public Map<String, Object> described() {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("ip", host);
        described.put("port", port);
        described.put("ssl", tls);
        described.put("http2", http2);
        for (String flag : List.of("proxy_protocol", "deferred", "bind", "reuseport")) {
            described.put(flag, false);
        }
        described.put("listener", toString());
        return described;
    }

    /**
     * Binds all the addresses and gives them up again, so that one that is taken is found before anything else is done.
     *
     * @param key the option that names them
     * @throws IllegalStateException naming the address and what to do
     */
    public static void requireFree(String key, List<ListenAddress> addresses) {
        if (addresses.isEmpty()) {
            return;
        }
        ListenAddress first = addresses.get(0);
        try (ServerSocket socket = new ServerSocket()) {
            /* As the server binds: connections of a node that ended just now are not in the way. */
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(first.host(), first.port()));
            requireFree(key, addresses.subList(1, addresses.size()));
        } catch (IOException taken) {
            throw new IllegalStateException(
                    "cannot listen on " + first + ": " + taken.getMessage()
                            + "; stop the program that has this address, or name another one in " + key
                            + " (environment: DRAWBRIDGE_" + key.toUpperCase(Locale.ROOT) + ")",
                    taken);
        }
    }

    /** Whether it means every address of the machine. */
    public boolean everywhere() {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    /** Whether only this machine reaches it. */
    public boolean loopback() {
        return host.startsWith("127.") || host.equals("::1") || host.equals("localhost");
    }

    /** The same address with the port that was found free. */
    public ListenAddress on(int found) {
        return new ListenAddress(host, found, tls, http2);
    }

    /** The same port and protocol at another host. */
    public ListenAddress at(String other) {
        return new ListenAddress(other, port, tls, http2);
    }

    /** As a URL that others on this machine can open. */
    public String url() {
        String shown = everywhere() ? "127.0.0.1" : host;
        return (tls ? "https://" : "http://") + (shown.contains(":") ? "[" + shown + "]" : shown) + ":" + port;
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port + (http2 ? " http2" : "")
                + (tls ? " ssl" : "");
    }
}
