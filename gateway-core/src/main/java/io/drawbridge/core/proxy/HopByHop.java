package io.drawbridge.core.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Map;

/** Headers that are between two neighbours, not for who is behind them (RFC 9110 section 7.6.1). */
final class HopByHop {
    private HopByHop() {}

    /** Adds all others to {@code to}. */
    static void copyOthers(MultiMap from, MultiMap to) {
        List<String> connection = from.getAll(HttpHeaders.CONNECTION);
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey();
            if (!is(name) && (connection.isEmpty() || isLength(name) || !names(connection, name))) {
                to.add(name, header.getValue());
            }
        }
    }

    static boolean is(String name) {
        return switch (name.length()) {
            case 2 -> name.equalsIgnoreCase("te");
            case 7 -> name.equalsIgnoreCase("upgrade");
            case 10 -> name.equalsIgnoreCase("connection") || name.equalsIgnoreCase("keep-alive");
            case 16 -> name.equalsIgnoreCase("proxy-connection");
            case 17 -> name.equalsIgnoreCase("transfer-encoding");
            case 18 -> name.equalsIgnoreCase("proxy-authenticate");
            case 19 -> name.equalsIgnoreCase("proxy-authorization");
            default -> false;
        };
    }

    /* Whoever says that it is between neighbours wants a body that is longer than its request. */
    private static boolean isLength(String name) {
        return name.length() == 14 && name.equalsIgnoreCase("content-length");
    }

    private static boolean names(List<String> connection, String name) {
        for (String value : connection) {
            if (names(value, name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a list of names has one. */
    static boolean names(String list, String name) {
        int at = 0;
        while (at < list.length()) {
            int comma = list.indexOf(',', at);
            int end = comma < 0 ? list.length() : comma;
            if (list.substring(at, end).strip().equalsIgnoreCase(name)) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }
}
