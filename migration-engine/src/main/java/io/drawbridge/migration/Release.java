package io.drawbridge.migration;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A product release as the gate sees it: major and minor, and for a pre-release its label. Patch releases share a
 * release: 2.5.0 and 2.5.3 are both {@code 2.5}. A pre-release is a release of its own, below the final one. Immutable.
 *
 * @param major first number, 0 or more
 * @param minor second number, 0 or more
 * @param label pre-release label such as {@code beta}, empty for a final release
 */
public record Release(int major, int minor, String label) implements Comparable<Release> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:\\.\\d+)*(?:-([0-9A-Za-z.]+))?");

    public Release {
        Objects.requireNonNull(label, "label");
        if (major < 0 || minor < 0) {
            throw new IllegalArgumentException("a release has no negative numbers");
        }
    }

    public static Release of(int major, int minor) {
        return new Release(major, minor, "");
    }

    /**
     * Reads {@code 2.5}, {@code 2.5.1} or {@code 2.5.0-beta}.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static Release parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("not a release: '" + text + "' (expected for example 2.5 or 2.5.1)");
        }
        String label = form.group(3) == null ? "" : form.group(3);
        return new Release(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)), label);
    }

    @Override
    public int compareTo(Release other) {
        if (major != other.major) {
            return Integer.compare(major, other.major);
        }
        if (minor != other.minor) {
            return Integer.compare(minor, other.minor);
        }
        if (label.isEmpty() || other.label.isEmpty()) {
            return Boolean.compare(label.isEmpty(), other.label.isEmpty());
        }
        return label.compareTo(other.label);
    }

    public boolean isOlderThan(Release other) {
        return compareTo(other) < 0;
    }

    public boolean isNewerThan(Release other) {
        return compareTo(other) > 0;
    }

    @Override
    public String toString() {
        return major + "." + minor + (label.isEmpty() ? "" : "-" + label);
    }
}
