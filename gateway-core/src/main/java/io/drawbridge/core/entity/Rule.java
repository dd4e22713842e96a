package io.drawbridge.core.entity;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One limit on a field's value: data for schemas, and the check itself. Immutable.
 *
 * @param name what clients see of it in a schema, e.g. {@code between}; {@code custom} if there is no word for it
 * @param argument what the limit is, as JSON; may be null
 * @param check yields what is wrong with a value of the field's type, or null
 */
public record Rule(String name, Object argument, Function<Object, String> check) {

    static final String LENGTH_MIN = "len_min";
    static final String ABSTRACT = "abstract";

    static Rule custom(Function<Object, String> check) {
        return new Rule("custom", null, check);
    }

    /** For strings only: {@code check} yields what is wrong, or null. */
    static Rule text(Function<String, String> check) {
        return custom(value -> check.apply((String) value));
    }

    static Rule between(long least, long most) {
        return new Rule("between", List.of(least, most), value -> {
            double number = ((Number) value).doubleValue();
            return number >= least && number <= most ? null : "value should be between " + least + " and " + most;
        });
    }

    static Rule oneOf(Object... values) {
        List<Object> allowed = List.of(values);
        List<String> names = allowed.stream().map(Object::toString).toList();
        return new Rule("one_of", allowed, value -> {
            boolean known = value instanceof Long number
                    ? allowed.stream().anyMatch(each -> each instanceof Number n && n.longValue() == number)
                    : allowed.contains(value);
            return known ? null : "expected one of: " + String.join(", ", names);
        });
    }

    /** {@code names} are said in the message, in that order. */
    static Rule noneOf(List<String> names) {
        return new Rule(
                "not_one_of",
                names,
                value -> names.contains(value) ? "must not be one of: " + String.join(", ", names) : null);
    }

    static Rule moreThan(long least) {
        return new Rule(
                "gt",
                least,
                value -> ((Number) value).doubleValue() > least ? null : "value must be greater than " + least);
    }

    static Rule lengthAtLeast(int least) {
        return new Rule(
                LENGTH_MIN,
                least,
                value -> value instanceof List<?> list && list.size() < least
                                || value instanceof Map<?, ?> map && map.size() < least
                        ? "length must be at least " + least
                        : null);
    }

    /** For strings, which may not be empty otherwise. */
    static Rule mayBeEmpty() {
        return lengthAtLeast(0);
    }

    /** For records: what is in it depends on the entity's name; anything until the name is known. */
    static Rule dependsOnName() {
        return new Rule(ABSTRACT, true, value -> null);
    }

    /** The value must be absent. */
    static Rule mustBeNull() {
        return new Rule("eq", null, value -> "value must be null");
    }

    static Rule equalTo(Object wanted) {
        return new Rule("eq", wanted, value -> wanted.equals(value) ? null : "value must be " + wanted);
    }

    /** For strings: a regular expression. */
    static Rule regex() {
        return new Rule("is_regex", true, value -> {
            String text = (String) value;
            return PathRegex.problem(text) == null ? null : "not a valid regex: " + text;
        });
    }

    /** For strings that must have a form for which there is no better text. */
    static Rule form(Pattern form) {
        return text(text -> form.matcher(text).matches() ? null : "invalid value: " + text);
    }

    /** For sets: elements must all be of one of the groups. */
    static Rule oneGroupOf(List<List<String>> groups) {
        String names = String.join(
                ", ",
                groups.stream()
                        .map(group -> "("
                                + String.join(
                                        ", ", group.stream().map(Rule::quoted).toList()) + ")")
                        .toList());
        return new Rule("mutually_exclusive_subsets", groups, value -> {
            long touched = groups.stream()
                    .filter(group -> ((List<?>) value).stream().anyMatch(group::contains))
                    .count();
            return touched > 1 ? "these sets are mutually exclusive: " + names : null;
        });
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }
}
