package io.drawbridge.core.entity;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The textual forms of this API's values. Each method yields what is wrong with a text, or null. */
public final class Formats {
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern NAME_ASCII = Pattern.compile("[A-Za-z0-9._~-]*");
    private static final Pattern TAG = Pattern.compile("[\\x21-\\x2b\\x2d\\x2e\\x30-\\x7e\\x{80}-\\x{10ffff}]+");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?");
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=%-]*");
    private static final Pattern PERCENT = Pattern.compile("%(?:[0-9a-fA-F]{2})?[^%]{0,2}");
    private static final Pattern METHOD = Pattern.compile("[A-Z]+");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern URL = Pattern.compile(
            "(?:(?<scheme>[A-Za-z0-9][A-Za-z0-9+.-]*):)?"
                    + "(?://(?:[^@/?#]*@)?(?<host>\\[[^\\]/]*\\]|[^:/?#]*)(?::[0-9]*)?)?(?:[/?#].*)?",
            Pattern.DOTALL);
    private static final int HOST_LENGTH_MAX = 253;

    private Formats() {}

    /** Whether a URL segment is an id rather than a name. */
    public static boolean isUuid(String text) {
        return UUID_FORM.matcher(text).matches();
    }

    static String uuid(String text) {
        return isUuid(text) ? null : "expected a valid UUID";
    }

    /** Text that every store can keep: no NUL, no half characters. */
    static String storable(String text) {
        if (text.indexOf('\0') >= 0) {
            return "must not contain the null character";
        }
        int broken = brokenAt(text);
        return broken < 0 ? null : "invalid utf-8 character sequence detected at position " + (broken + 1);
    }

    static String name(String text) {
        int broken = brokenAt(text);
        if (broken >= 0) {
            return "invalid utf-8 character sequence detected at position " + (broken + 1);
        }
        String ascii = text.codePoints()
                .filter(each -> each < 0x80)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return NAME_ASCII.matcher(ascii).matches()
                ? null
                : "invalid value '" + text
                        + "': the only accepted ascii characters are alphanumerics or ., -, _, and ~";
    }

    public static String tag(String text) {
        return brokenAt(text) < 0 && TAG.matcher(text).matches()
                ? null
                : "invalid tag '" + text + "': expected printable ascii (except `,` and `/`) or valid utf-8 sequences";
    }

    static String host(String text) {
        if (isHostname(text) || isIp(text)) {
            return null;
        }
        int colon = text.lastIndexOf(':');
        return colon > 0 && (isHostname(text.substring(0, colon)) || isIp(text.substring(0, colon)))
                ? "must not have a port"
                : "invalid value: " + text;
    }

    static String sni(String text) {
        if (isIp(text)) {
            return "must not be an IP";
        }
        if (isHostname(text)) {
            return null;
        }
        int colon = text.lastIndexOf(':');
        return colon > 0 && isHostname(text.substring(0, colon)) ? "must not have a port" : "invalid value: " + text;
    }

    /** A server name with one wildcard as its first or last character, or none. */
    static String wildcardHost(String text) {
        int star = text.indexOf('*');
        if (star < 0) {
            return sni(text);
        }
        if (star != text.lastIndexOf('*')) {
            return "only one wildcard must be specified";
        }
        if (star != 0 && star != text.length() - 1) {
            return "wildcard must be leftmost or rightmost character";
        }
        String wrong = sni(text.replace('*', 'x'));
        return wrong != null && wrong.startsWith("invalid value") ? "invalid value: " + text : wrong;
    }

    /** A URL with a scheme and a host. */
    static String url(String text) {
        Matcher parts = URL.matcher(text);
        if (!parts.matches()
                || parts.group("host") == null
                || parts.group("host").isEmpty()) {
            return "missing host in url";
        }
        return parts.group("scheme") == null ? "missing scheme in url" : null;
    }

    /** A host, with a port if wanted. */
    static String hostWithPort(String text) {
        return concreteHost(text) ? null : "invalid value: " + text;
    }

    /** A host as routes match it: one wildcard as leftmost or rightmost label, a port if wanted. */
    static String routeHost(String text) {
        long wildcards = text.chars().filter(each -> each == '*').count();
        if (wildcards > 1) {
            return "invalid wildcard: must have at most one wildcard";
        }
        if (wildcards == 1) {
            boolean left = text.startsWith("*.");
            if (!left && !text.matches("[^*]*\\.\\*(:\\d{1,5})?")) {
                return "invalid wildcard: must be placed at leftmost or rightmost label";
            }
            String concrete = left ? "x" + text.substring(1) : text.replace('*', 'x');
            return concreteHost(concrete) ? null : "invalid hostname: " + text;
        }
        return concreteHost(text) ? null : "invalid hostname: " + text;
    }

    private static boolean concreteHost(String text) {
        if (isHostname(text) || isIp(text)) {
            return true;
        }
        int colon = text.lastIndexOf(':');
        return colon > 0
                && text.substring(colon + 1).matches("\\d{1,5}")
                && Integer.parseInt(text.substring(colon + 1)) <= 65535
                && (isHostname(text.substring(0, colon)) || isIp(text.substring(0, colon)));
    }

    static String path(String text) {
        if (!text.startsWith("/")) {
            return "should start with: /";
        }
        if (text.contains("//")) {
            return "must not have empty segments";
        }
        if (!PATH.matcher(text).matches()) {
            return "invalid path: '" + text + "' (characters outside of the reserved list of RFC 3986 found)";
        }
        return percentEncoding(text);
    }

    static String percentEncoding(String text) {
        Matcher escapes = PERCENT.matcher(text);
        while (escapes.find()) {
            String escape = escapes.group();
            if (escape.length() < 3 || !escape.substring(1, 3).matches("[0-9a-fA-F]{2}")) {
                return "invalid url-encoded value: '" + escape + "'";
            }
        }
        return null;
    }

    static String method(String text) {
        return METHOD.matcher(text).matches() ? null : "invalid value: " + text;
    }

    static String header(String text) {
        return HEADER.matcher(text).matches()
                ? null
                : "bad header name '" + text + "', allowed characters are A-Z, a-z, 0-9, '_', and '-'";
    }

    static String ipOrCidr(String text) {
        int slash = text.indexOf('/');
        boolean right = slash < 0
                ? isIp(text)
                : isIp(text.substring(0, slash)) && isPrefix(text.substring(slash + 1), text.contains(":") ? 128 : 32);
        return right ? null : "invalid ip or cidr range: '" + text + "'";
    }

    private static boolean isPrefix(String text, int most) {
        return text.matches("\\d{1,3}") && Integer.parseInt(text) <= most;
    }

    private static boolean isHostname(String text) {
        if (text.isEmpty() || text.length() > HOST_LENGTH_MAX) {
            return false;
        }
        for (String label : text.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return !IPV4.matcher(text).matches();
    }

    static boolean isIp(String text) {
        Matcher four = IPV4.matcher(text);
        if (four.matches()) {
            for (int i = 1; i <= 4; i++) {
                if (Integer.parseInt(four.group(i)) > 255) {
                    return false;
                }
            }
            return true;
        }
        String six = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        return isIpv6(six);
    }

    private static boolean isIpv6(String text) {
        if (!text.contains(":") || !text.matches("[0-9a-fA-F:.]{2,45}")) {
            return false;
        }
        String groups = text;
        int dot = text.indexOf('.');
        if (dot >= 0) {
            int last = text.lastIndexOf(':');
            if (!isIp(text.substring(last + 1))) {
                return false;
            }
            groups = text.substring(0, last + 1) + "0:0";
        }
        int gap = groups.indexOf("::");
        if (gap < 0) {
            return hexGroups(groups) == 8;
        }
        int before = hexGroups(groups.substring(0, gap));
        int after = hexGroups(groups.substring(gap + 2));
        return before >= 0 && after >= 0 && before + after <= 7;
    }

    /** How many groups; -1 if one is not a group. */
    private static int hexGroups(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        String[] groups = text.split(":", -1);
        for (String group : groups) {
            if (!group.matches("[0-9a-fA-F]{1,4}")) {
                return -1;
            }
        }
        return groups.length;
    }

    /** Where a half of a surrogate pair stands, in bytes from 0; -1 if nowhere. */
    private static int brokenAt(String text) {
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (Character.isHighSurrogate(each)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(each)) {
                return text.substring(0, i).getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return -1;
    }
}
