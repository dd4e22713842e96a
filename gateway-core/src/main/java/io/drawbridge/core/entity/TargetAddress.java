package io.drawbridge.core.entity;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.StringJoiner;

/** A target's {@code host:port}. */
public final class TargetAddress {
    private static final int STANDARD_PORT = 8000;

    private TargetAddress() {}

    /** A host and what was said of its port, null if nothing. */
    private record Parts(String host, String port) {}

    /** What is wrong with it, or null. */
    public static String check(String text) {
        String wrong = Formats.storable(text);
        if (wrong != null) {
            return "Invalid target; not a valid hostname or ip address";
        }
        Parts parts = split(text);
        boolean right = (Formats.isIp(parts.host()) || Formats.sni(parts.host()) == null)
                && (parts.port() == null
                        || parts.port().matches("\\d{1,5}") && Integer.parseInt(parts.port()) <= 65535);
        return right ? null : "Invalid target ('" + text + "'); not a valid hostname or ip address";
    }

    /** With a port, and IPv6 addresses expanded in brackets; only for what {@link #check} lets pass. */
    public static String normal(String text) {
        Parts parts = split(text);
        String host = parts.host().contains(":") ? "[" + expanded(parts.host()) + "]" : parts.host();
        return host + ":" + (parts.port() == null ? STANDARD_PORT : Integer.parseInt(parts.port()));
    }

    private static Parts split(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end > 0 && (end == text.length() - 1 || text.charAt(end + 1) == ':')) {
                return new Parts(text.substring(1, end), end == text.length() - 1 ? null : text.substring(end + 2));
            }
        }
        if (Formats.isIp(text)) {
            return new Parts(text, null);
        }
        int colon = text.lastIndexOf(':');
        return colon < 0 ? new Parts(text, null) : new Parts(text.substring(0, colon), text.substring(colon + 1));
    }

    private static String expanded(String address) {
        try {
            /* A literal: nothing is looked up. */
            InetAddress parsed = InetAddress.getByName("[" + address + "]");
            if (!(parsed instanceof Inet6Address six)) {
                return address;
            }
            byte[] bytes = six.getAddress();
            StringJoiner groups = new StringJoiner(":");
            for (int i = 0; i < bytes.length; i += 2) {
                groups.add("%02x%02x".formatted(bytes[i], bytes[i + 1]));
            }
            return groups.toString();
        } catch (UnknownHostException impossible) {
            return address;
        }
    }
}
