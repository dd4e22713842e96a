package io.drawbridge.core.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Locale;

/**
 * What a request asks for. Immutable.
 *
 * @param authority as the client said, perhaps with a port, in lower case; empty if it said none
 * @param path as it came, without query
 * @param query null if there is none
 */
record Asked(String authority, String path, String query) {
    /** Null if it is nothing that may be passed on. */
    static Asked of(HttpServerRequest request) {
        String uri = request.uri();
        String authority = authority(request);
        if (uri == null || authority == null || !isToken(request.method().name())) {
            return null;
        }
        if (uri.length() > 4 && uri.charAt(0) != '/') {
            int scheme = uri.indexOf("://");
            if (scheme > 0) {
                int slash = end(uri, scheme + 3);
                authority = uri.substring(scheme + 3, slash);
                uri = slash < uri.length() && uri.charAt(slash) == '/'
                        ? uri.substring(slash)
                        : "/" + uri.substring(slash);
            }
        }
        int hash = uri.indexOf('#');
        if (hash >= 0) {
            uri = uri.substring(0, hash);
        }
        if (!isVisible(uri) || !isHost(authority)) {
            return null;
        }
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        return path.isEmpty() || path.charAt(0) != '/'
                ? null
                : new Asked(authority.toLowerCase(Locale.ROOT), path, mark < 0 ? null : uri.substring(mark + 1));
    }

    /* Two of them, or none where one must be: nobody can say who was meant. */
    private static String authority(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            HostAndPort authority = request.authority();
            return authority == null ? "" : authority.toString();
        }
        MultiMap headers = request.headers();
        String host = headers.get(HttpHeaders.HOST);
        if (host == null) {
            return request.version() == HttpVersion.HTTP_1_0 ? "" : null;
        }
        List<String> all = headers.getAll(HttpHeaders.HOST);
        return all.size() == 1 ? host : null;
    }

    private static int end(String uri, int from) {
        for (int i = from; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c == '/' || c == '?' || c == '#') {
                return i;
            }
        }
        return uri.length();
    }

    /* What HTTP/2 lets through would be another request in HTTP/1.1. */
    private static boolean isVisible(String uri) {
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c == 0x7f || c > 0xff) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHost(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '/' || c == '\\' || c == '@' || c == '?' || c == '#' || c == ',') {
                return false;
            }
        }
        return true;
    }

    private static boolean isToken(String method) {
        for (int i = 0; i < method.length(); i++) {
            char c = method.charAt(i);
            if (c <= ' ' || c >= 0x7f || "()<>@,;:\\\"/[]?={}".indexOf(c) >= 0) {
                return false;
            }
        }
        return !method.isEmpty();
    }

    /** The client's host without its port. */
    String host() {
        int colon = authority.lastIndexOf(':');
        return colon < 0 || authority.endsWith("]") ? authority : authority.substring(0, colon);
    }
}
