package io.drawbridge.core.proxy.route;

/**
 * A service's path and what remains of a request's, joined. {@code v0}: both are segments, there is one slash between them. {@code v1}: the
 * service's path is a prefix, nothing is put between them. Either way two slashes become one, and where nothing of the request
 * remains, the result ends as the request does.
 */
final class UpstreamPath {
    private UpstreamPath() {}

    /**
     * @param base the service's, {@code /} if it has none
     * @param rest of the request's path
     * @param stripped whether {@code rest} is what a route's path left over
     * @param request the whole, as it came
     */
    static String join(String base, String rest, boolean stripped, String request, boolean v1) {
        String tail = withoutSlashes(rest);
        boolean slash = base.endsWith("/");
        if (tail.isEmpty()) {
            return ending(base, slash, request);
        }
        if (slash) {
            return base + tail;
        }
        /* v1 keeps the slash that a route's path left at the start of the rest; the request's own first slash it drops. */
        boolean between = !v1 || stripped && rest.startsWith("/");
        return between ? base + '/' + tail : base + tail;
    }

    private static String ending(String base, boolean slash, String request) {
        boolean wanted = request.endsWith("/");
        if (slash) {
            return wanted || base.length() == 1 ? base : base.substring(0, base.length() - 1);
        }
        return wanted && request.length() > 1 ? base + '/' : base;
    }

    private static String withoutSlashes(String path) {
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        return start == 0 ? path : path.substring(start);
    }
}
