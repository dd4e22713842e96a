package io.drawbridge.admin;

import io.drawbridge.core.store.PageRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** The query of a list: {@code size}, {@code offset}, {@code tags}. */
final class ListArguments {
    private static final int SIZE = 100;
    private static final int TAGS_MAX = 5;
    private static final Pattern NUMBER =
            Pattern.compile("\\s*[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d{1,3})?\\s*");
    private static final Pattern TAG = Pattern.compile("[\\x21-\\x2b\\x2d\\x2e\\x30-\\x7e\\x{80}-\\x{10ffff}]+");

    private ListArguments() {}

    /** @param parent the entity under which the list stands; then tags are judged, but do not select */
    static PageRequest read(AdminRequest request, boolean tagged, PageRequest.Parent parent) {
        PageRequest.Tags tags = tagged ? tags(request.query().get("tags")) : null;
        return new PageRequest(
                size(request.query().get("size")),
                after(request.query().get("offset")),
                parent == null ? tags : null,
                parent);
    }

    /** What a client sends back to get the next page. */
    static String offset(UUID last) {
        String text = new JsonArray().add(last.toString()).encode();
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The document of a page. {@code path} is that of the list. */
    static Map<String, Object> listed(List<Map<String, Object>> data, UUID next, AdminRequest request, String path) {
        return next == null ? listed(data, (String) null, request, path) : listed(data, offset(next), request, path);
    }

    /** @param offset of the page after; null: there is none */
    static Map<String, Object> listed(
            List<Map<String, Object>> data, String offset, AdminRequest request, String path) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("data", data);
        if (offset == null) {
            body.put("next", null);
            return body;
        }
        String tags = AdminRequest.rawArgument(request.rawQuery(), "tags");
        body.put("next", path + "?offset=" + Percent.encode(offset) + (tags == null ? "" : "&tags=" + tags));
        body.put("offset", offset);
        return body;
    }

    static int size(String text) {
        if (text == null) {
            return SIZE;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw Problem.invalidSize("size must be a number");
        }
        double size = Double.parseDouble(text.strip());
        if (size < 1 || size > PageRequest.SIZE_MAX || size != Math.rint(size)) {
            throw Problem.invalidSize("size must be an integer between 1 and " + PageRequest.SIZE_MAX);
        }
        return (int) size;
    }

    /** The last id of the page before; null if this is the first. */
    static UUID after(String offset) {
        if (offset == null) {
            return null;
        }
        JsonArray parts = position(offset);
        try {
            return UUID.fromString(parts.getString(0));
        } catch (IllegalArgumentException
                | ClassCastException
                | IndexOutOfBoundsException
                | NullPointerException wrong) {
            throw Problem.invalidOffset(offset, "json");
        }
    }

    /** What an offset holds. */
    static JsonArray position(String offset) {
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(offset.replace(' ', '+'));
        } catch (IllegalArgumentException wrong) {
            throw Problem.invalidOffset(offset, "base64");
        }
        try {
            return new JsonArray(new String(decoded, StandardCharsets.UTF_8));
        } catch (DecodeException | ClassCastException wrong) {
            throw Problem.invalidOffset(offset, "json");
        }
    }

    /** What a filter selects; null if there is none. Throws if it is none. */
    static PageRequest.Tags tags(String text) {
        if (text == null) {
            return null;
        }
        boolean any = text.contains("/");
        List<String> tags = List.of(text.split(any ? "/" : ",", -1));
        if (any && text.contains(",")
                || tags.stream().anyMatch(tag -> !TAG.matcher(tag).matches())) {
            throw Problem.invalidOption("tags", "invalid filter syntax");
        }
        if (tags.size() > TAGS_MAX) {
            throw Problem.invalidOption("tags", "cannot query more than " + TAGS_MAX + " tags");
        }
        return new PageRequest.Tags(!any, tags);
    }
}
