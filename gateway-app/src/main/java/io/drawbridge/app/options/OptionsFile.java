package io.drawbridge.app.options;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file in the form of {@code kong.conf}: {@code key = value}, {@code #} begins a comment unless written {@code \#}.
 * Immutable.
 *
 * @param path where it is
 * @param entries by key, in order
 */
record OptionsFile(Path path, Map<String, Entry> entries) {
    private static final long BYTES_MAX = 1_000_000;

    /** @param line beginning at 1 */
    record Entry(String value, int line) {}

    static OptionsFile read(Path path) {
        try {
            if (Files.isDirectory(path)) {
                throw new OptionsException(List.of(path + " is a directory, not a file"));
            }
            if (!Files.isRegularFile(path)) {
                throw new OptionsException(List.of("no file at: " + path));
            }
            if (Files.size(path) > BYTES_MAX) {
                throw new OptionsException(List.of(path + " is larger than " + BYTES_MAX + " bytes"));
            }
            return parse(path, Files.readAllLines(path));
        } catch (MalformedInputException binary) {
            throw new OptionsException(List.of("cannot read " + path + ": it is not UTF-8 text"));
        } catch (IOException failure) {
            throw new OptionsException(List.of("cannot read " + path + ": " + failure.getMessage()));
        }
    }

    static OptionsFile parse(Path path, List<String> lines) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = withoutComment(lines.get(i)).strip();
            if (line.isEmpty()) {
                continue;
            }
            String where = path + " line " + (i + 1);
            int equals = line.indexOf('=');
            if (equals < 1) {
                problems.add(where + ": expected 'key = value'");
                continue;
            }
            String key = line.substring(0, equals).strip();
            Entry before = entries.putIfAbsent(
                    key, new Entry(line.substring(equals + 1).strip(), i + 1));
            if (before != null) {
                problems.add(key + " (" + where + "): given before, in line " + before.line());
            }
        }
        if (!problems.isEmpty()) {
            throw new OptionsException(problems);
        }
        return new OptionsFile(path, entries);
    }

    private static String withoutComment(String line) {
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length() && line.charAt(i + 1) == '#') {
                kept.append('#');
                i++;
            } else if (c == '#') {
                break;
            } else {
                kept.append(c);
            }
        }
        return kept.toString();
    }
}
