package io.drawbridge.sync;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The name that Kong 2.5 to 2.7 gives a configuration: for those before, which do not tell one. Pure. */
final class KongHash {
    private KongHash() {}

    /** @param value as JSON has it */
    static String of(Object value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text(value)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /* Bytes, for Lua sorts bytes. */
    private static byte[] text(Object value) {
        if (value == null) {
            return utf8("/null/");
        }
        if (value instanceof Map<?, ?> map) {
            Map<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
            map.forEach((key, each) -> entries.put(text(key), text(each)));
            return joined(entries);
        }
        if (value instanceof List<?> list) {
            Map<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
            for (int i = 0; i < list.size(); i++) {
                entries.put(text((long) (i + 1)), text(list.get(i)));
            }
            return joined(entries);
        }
        if (value instanceof Number number) {
            return utf8("#" + number(number) + "#");
        }
        return utf8(value instanceof Boolean ? "?" + value + "?" : "$" + value + "$");
    }

    private static byte[] joined(Map<byte[], byte[]> entries) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<byte[]> parts = new ArrayList<>();
        entries.forEach((key, each) -> parts.addAll(List.of(utf8(parts.isEmpty() ? "" : ";"), key, utf8(":"), each)));
        all.write('{');
        parts.forEach(all::writeBytes);
        all.write('}');
        return all.toByteArray();
    }

    /* As "%.14g" prints it. */
    private static String number(Number number) {
        double value = number.doubleValue();
        if (value == Math.rint(value) && Math.abs(value) < 1e14) {
            return String.valueOf((long) value);
        }
        String exact = String.format(Locale.ROOT, "%.13e", value);
        int e = exact.indexOf('e');
        int exponent = Integer.parseInt(exact.substring(e + 1));
        if (exponent < -4 || exponent >= 14) {
            return shortened(exact.substring(0, e)) + exact.substring(e);
        }
        return shortened(String.format(Locale.ROOT, "%." + (13 - exponent) + "f", value));
    }

    private static String shortened(String digits) {
        int end = digits.length();
        if (digits.indexOf('.') >= 0) {
            while (digits.charAt(end - 1) == '0') {
                end--;
            }
            if (digits.charAt(end - 1) == '.') {
                end--;
            }
        }
        return digits.substring(0, end);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
