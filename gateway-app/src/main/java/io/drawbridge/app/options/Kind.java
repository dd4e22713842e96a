package io.drawbridge.app.options;

import io.drawbridge.migration.Release;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What values a key takes. Immutable.
 *
 * @param allowed said to a person whose value was refused
 * @param parser throws IllegalArgumentException for a value that is not allowed
 */
record Kind(String allowed, Parser parser) {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)?");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,9})([kKmMgG]?)");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_$-]{0,62}");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    /** Reads one value. */
    interface Parser {
        Object parse(String text);
    }

    static Kind text(String allowed) {
        return new Kind(allowed, text -> text);
    }

    static Kind path() {
        return new Kind("a path", text -> Path.of(text.startsWith("~/") ? home(text) : text));
    }

    static Kind oneOf(String... values) {
        String allowed = String.join(", ", values);
        return new Kind(allowed, text -> {
            String lower = text.toLowerCase(Locale.ROOT);
            return Arrays.asList(values).contains(lower) ? lower : refuse();
        });
    }

    static Kind bool() {
        return new Kind("on, off", text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "on", "true" -> true;
            case "off", "false" -> false;
            default -> refuse();
        });
    }

    static Kind number(int min, int max) {
        return new Kind("a whole number from " + min + " to " + max, text -> {
            int value = Integer.parseInt(text);
            return value >= min && value <= max ? value : refuse();
        });
    }

    /** A number with k, m or g; without, it counts bytes. More than {@code max} is taken for {@code max}. */
    static Kind bytes(int min, int max) {
        String largest = (max >> 20) + "m";
        String allowed = "a size such as 512k, 64m or 1g, at least " + min + "; more than " + largest + " is ";
        return new Kind(allowed + largest, text -> {
            Matcher form = BYTES.matcher(text);
            if (!form.matches()) {
                return refuse();
            }
            long unit = switch (form.group(2).toLowerCase(Locale.ROOT)) {
                case "k" -> 1L << 10;
                case "m" -> 1L << 20;
                case "g" -> 1L << 30;
                default -> 1L;
            };
            long bytes = Long.parseLong(form.group(1)) * unit;
            return bytes >= min ? (int) Math.min(bytes, max) : refuse();
        });
    }

    /** A number with ms, s, m or h; without, it counts in {@code unit}. */
    static Kind duration(String unit, Duration min, Duration max) {
        String allowed = "a duration from " + text(min) + " to " + text(max) + ", such as 500ms, 15s, 10m or 1h";
        return new Kind(allowed + "; a bare number counts in " + unit, text -> {
            Matcher form = DURATION.matcher(text);
            if (!form.matches()) {
                return refuse();
            }
            long number = Long.parseLong(form.group(1));
            Duration value = switch (form.group(2) == null ? unit : form.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
            return value.compareTo(min) >= 0 && value.compareTo(max) <= 0 ? value : refuse();
        });
    }

    static Kind list(String allowed) {
        return new Kind(allowed, Kind::split);
    }

    /** Names separated by commas, each without white space: a forgotten comma must not make one name of two. */
    static Kind names(String allowed) {
        return new Kind(allowed, text -> {
            List<String> names = split(text);
            return names.stream().allMatch(NAME.asMatchPredicate()) ? names : refuse();
        });
    }

    /** The word, or files that can be read. */
    static Kind files(String word, String what) {
        return new Kind("'" + word + "', or paths of " + what + " that can be read, separated by commas", text -> {
            List<String> files = split(text);
            return files.stream().allMatch(file -> file.equals(word) || readable(file)) ? files : refuse();
        });
    }

    private static boolean readable(String file) {
        Path path = Path.of(file);
        return Files.isRegularFile(path) && Files.isReadable(path);
    }

    static Kind identifier() {
        return new Kind(
                "letters, digits, '_', '-' and '$', at most 63, not beginning with a digit",
                text -> IDENTIFIER.matcher(text).matches() ? text : refuse());
    }

    static Kind release(List<Release> line) {
        return new Kind(String.join(", ", line.stream().map(Release::toString).toList()), text -> {
            Release release = Release.parse(text);
            return line.contains(release) ? release : refuse();
        });
    }

    static Kind listen() {
        return new Kind("'off', or host:port pairs separated by commas, such as 127.0.0.1:8001", ListenAddress::parse);
    }

    static List<String> split(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .toList();
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    private static String home(String text) {
        return System.getProperty("user.home") + text.substring(1);
    }

    private static Object refuse() {
        throw new IllegalArgumentException("not allowed");
    }
}
