package io.drawbridge.core.declarative;

import io.vertx.core.json.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What tells documents apart, however their keys are ordered and whether they were JSON or YAML. Immutable.
 *
 * @param hash 32 hexadecimal digits
 * @param bytes the document's size as JSON
 */
record Fingerprint(String hash, int bytes) {
    static Fingerprint of(Map<String, Object> document) {
        byte[] text = Json.encodeToBuffer(sorted(document)).getBytes();
        try {
            /* The width that clients know; it tells equal from changed, and keeps nobody out. */
            return new Fingerprint(
                    HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text)), text.length);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Object sorted(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, each) -> sorted.put(String.valueOf(key), sorted(each)));
            return sorted;
        }
        return value instanceof List<?> list
                ? list.stream().map(Fingerprint::sorted).toList()
                : value;
    }
}
