package io.drawbridge.core.proxy.plugin.builtin;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A body of type {@code multipart/form-data}.
 *
 * @param text of one character per byte
 * @param parts with their delimiters, in order, without the last one
 */
record Multipart(String text, List<Part> parts, String end) implements BodyFields {
    private static final int PARTS_MAX = 1000;
    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70}))", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME = Pattern.compile(
            "^content-disposition:[^\\r\\n]*;\\s*name=\"?([^\"\\r\\n;]*)",
            Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    /** From {@code start} to {@code end} of the text. */
    record Part(int start, int end, String name, String value) {}

    static Multipart of(String type, Buffer body) {
        Matcher boundary = BOUNDARY.matcher(type);
        if (!boundary.find()) {
            throw new IllegalArgumentException("no boundary");
        }
        String delimiter = "--" + (boundary.group(1) == null ? boundary.group(2) : boundary.group(1));
        String text = new String(body.getBytes(), StandardCharsets.ISO_8859_1);
        List<Part> parts = new ArrayList<>();
        int start = text.indexOf(delimiter);
        while (start >= 0) {
            int next = text.indexOf("\r\n" + delimiter, start + delimiter.length());
            if (next < 0) {
                return new Multipart(text, parts, text.substring(start));
            }
            if (parts.size() == PARTS_MAX) {
                throw new IllegalArgumentException("more than " + PARTS_MAX + " parts");
            }
            parts.add(part(text, start, next + 2));
            start = next + 2;
        }
        throw new IllegalArgumentException("no parts");
    }

    private static Part part(String text, int start, int end) {
        int head = text.indexOf("\r\n\r\n", start);
        if (head < 0 || head + 4 > end - 2) {
            return new Part(start, end, "", "");
        }
        Matcher name = NAME.matcher(text.substring(start, head));
        return new Part(start, end, name.find() ? utf8(name.group(1)) : "", utf8(text.substring(head + 4, end - 2)));
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Override
    public List<String> values(String name) {
        return parts.stream()
                .filter(part -> part.name().equals(name))
                .map(Part::value)
                .toList();
    }

    @Override
    public Buffer without(String name) {
        String rest = parts.stream()
                .filter(part -> !part.name().equals(name))
                .map(part -> text.substring(part.start(), part.end()))
                .collect(Collectors.joining());
        return Buffer.buffer((rest + end).getBytes(StandardCharsets.ISO_8859_1));
    }
}
