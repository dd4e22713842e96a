package io.drawbridge.admin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code multipart/form-data}: each part's content is the value, file parts too. */
final class Multipart {
    private static final Pattern BOUNDARY =
            Pattern.compile("boundary=(?:\"([^\"]{1,200})\"|([^;,\\s]{1,200}))", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME = Pattern.compile(
            "content-disposition:[^\\r\\n]{0,400}?[;\\s]name=(?:\"([^\"\\r\\n]*)\"|([^;\\s]*))",
            Pattern.CASE_INSENSITIVE);

    private Multipart() {}

    static List<FormBody.Argument> parse(String contentType, byte[] body) {
        if (body.length == 0) {
            return List.of();
        }
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            throw Bodies.unreadable();
        }
        String mark = "--" + (boundary.group(1) != null ? boundary.group(1) : boundary.group(2));
        byte[] first = mark.getBytes(StandardCharsets.ISO_8859_1);
        byte[] next = ("\r\n" + mark).getBytes(StandardCharsets.ISO_8859_1);
        byte[] blank = "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        List<FormBody.Argument> arguments = new ArrayList<>();
        int at = find(body, first, 0);
        while (at >= 0 && arguments.size() <= AdminRequest.ARGUMENTS_MAX) {
            int start = at + first.length;
            if (start + 1 < body.length && body[start] == '-' && body[start + 1] == '-') {
                return arguments;
            }
            int headersEnd = find(body, blank, start);
            int end = find(body, next, Math.max(start, headersEnd));
            if (headersEnd < 0 || end < 0) {
                throw Bodies.unreadable();
            }
            arguments.add(part(body, start, headersEnd, end));
            at = end + 2;
        }
        if (arguments.isEmpty()) {
            throw Bodies.unreadable();
        }
        return arguments;
    }

    private static FormBody.Argument part(byte[] body, int start, int headersEnd, int end) {
        String headers = Percent.text(ByteBuffer.wrap(body, start, headersEnd - start));
        int content = Math.min(headersEnd + 4, end);
        String value = Percent.text(ByteBuffer.wrap(body, content, end - content));
        Matcher name = headers == null ? null : NAME.matcher(headers);
        if (value == null || name == null || !name.find()) {
            throw Bodies.unreadable();
        }
        return new FormBody.Argument(name.group(1) != null ? name.group(1) : name.group(2), value);
    }

    private static int find(byte[] where, byte[] what, int from) {
        for (int i = from; i <= where.length - what.length; i++) {
            int matched = 0;
            while (matched < what.length && where[i + matched] == what[matched]) {
                matched++;
            }
            if (matched == what.length) {
                return i;
            }
        }
        return -1;
    }
}
