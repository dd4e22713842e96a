package io.drawbridge.core.proxy.route;

/** What a {@code Host} header says. Immutable. @param name an IPv6 address is in brackets */
record RequestHost(String name, int port) {
    /** @param otherwise the port if the text has none */
    static RequestHost of(String text, int otherwise) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || colon < text.lastIndexOf(']') || text.indexOf(':') < colon && !text.startsWith("[")) {
            return new RequestHost(text, otherwise);
        }
        int port = 0;
        for (int at = colon + 1; at < text.length(); at++) {
            int digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9 || at > colon + 5) {
                return new RequestHost(text, otherwise);
            }
            port = port * 10 + digit;
        }
        return new RequestHost(text.substring(0, colon), colon + 1 == text.length() ? otherwise : port);
    }
}
