package io.drawbridge.core.entity;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A check over several fields of an entity or of a record; {@code record.field} stands for a record's field. Called with normalised values, after the fields' own rules;
 * not called while one of the fields that it depends on is wrong by itself. Immutable.
 */
public sealed interface EntityCheck {
    /** The fields that must be right by themselves for the check to make sense. */
    List<String> dependsOn();

    /** Adds what is wrong. */
    void run(Map<String, Object> values, Violations found);

    /** One of the fields must have a value that is not empty. */
    record AtLeastOneOf(List<String> fields) implements EntityCheck {
        public AtLeastOneOf {
            fields = List.copyOf(fields);
        }

        @Override
        public List<String> dependsOn() {
            return fields;
        }

        @Override
        public void run(Map<String, Object> values, Violations found) {
            if (fields.stream().noneMatch(field -> given(at(values, field)))) {
                found.entity((found.updating() ? "when updating, " : "")
                        + "at least one of these fields must be non-empty: " + names(fields));
            }
        }
    }

    /** At most one of the fields may have a value that is not empty. */
    record OnlyOneOf(List<String> fields) implements EntityCheck {
        public OnlyOneOf {
            fields = List.copyOf(fields);
        }

        @Override
        public List<String> dependsOn() {
            return fields;
        }

        @Override
        public void run(Map<String, Object> values, Violations found) {
            if (fields.stream().filter(field -> given(at(values, field))).count() != 1) {
                found.entity("only one of these fields must be non-empty: " + names(fields));
            }
        }
    }

    /** Either all of the fields have values, or none has. */
    record AllOrNone(List<String> fields) implements EntityCheck {
        public AllOrNone {
            fields = List.copyOf(fields);
        }

        @Override
        public List<String> dependsOn() {
            return fields;
        }

        @Override
        public void run(Map<String, Object> values, Violations found) {
            long set =
                    fields.stream().filter(field -> at(values, field) != null).count();
            if (set != 0 && set != fields.size()) {
                found.entity("all or none of these fields must be set: " + names(fields));
            }
        }
    }

    /** No two of the fields have the same value; nulls do not count. */
    record Distinct(List<String> fields) implements EntityCheck {
        public Distinct {
            fields = List.copyOf(fields);
        }

        @Override
        public List<String> dependsOn() {
            return fields;
        }

        @Override
        public void run(Map<String, Object> values, Violations found) {
            List<Object> set = fields.stream()
                    .map(field -> at(values, field))
                    .filter(Objects::nonNull)
                    .toList();
            if (set.stream().distinct().count() < set.size()) {
                found.entity("values of these fields must be distinct: " + names(fields));
            }
        }
    }

    /**
     * If a field has a certain value, another one must pass a check, whose text takes the place of any other of it;
     * {@code text} is said of the entity.
     */
    record RuleWhen(String when, Predicate<Object> is, String then, Function<Object, String> check, String text)
            implements EntityCheck {
        RuleWhen(String when, Predicate<Object> is, String then, Function<Object, String> check) {
            this(when, is, then, check, "failed conditional validation given value of field '" + when + "'");
        }

        @Override
        public List<String> dependsOn() {
            return List.of(when);
        }

        @Override
        public void run(Map<String, Object> values, Violations found) {
            String wrong = holds(values, when, is) ? check.apply(at(values, then)) : null;
            if (wrong != null) {
                found.at(then, wrong);
                found.entity(text);
            }
        }
    }

    /** Anything else; says what is wrong with the entity, or null. */
    record Custom(List<String> dependsOn, Function<Map<String, Object>, String> check) implements EntityCheck {
        public Custom {
            dependsOn = List.copyOf(dependsOn);
        }

        @Override
        public void run(Map<String, Object> values, Violations found) {
            String wrong = check.apply(values);
            if (wrong != null) {
                found.entity(wrong);
            }
        }
    }

    /** If a field has a certain value, another one must be null. */
    record NullWhen(String when, Predicate<Object> is, String then) implements EntityCheck {
        @Override
        public List<String> dependsOn() {
            return List.of(when);
        }

        @Override
        public void run(Map<String, Object> values, Violations found) {
            if (holds(values, when, is) && at(values, then) != null) {
                found.at(then, "value must be null");
                found.entity("failed conditional validation given value of field '" + when + "'");
            }
        }
    }

    /** If a field has a certain value, another one must be null or keep a standard value; its own text is said. */
    record Forbidden(String when, Predicate<Object> is, String then, Predicate<Object> allowed, String text)
            implements EntityCheck {
        @Override
        public List<String> dependsOn() {
            return List.of(when);
        }

        @Override
        public void run(Map<String, Object> values, Violations found) {
            if (holds(values, when, is) && !allowed.test(at(values, then))) {
                found.at(then, text);
            }
        }
    }

    /** If a field has a certain value, a list must be empty; said of the list and, in its own words, of the entity. */
    record EmptyWhen(String when, Predicate<Object> is, String then, String text) implements EntityCheck {
        @Override
        public List<String> dependsOn() {
            return List.of(when);
        }

        @Override
        public void run(Map<String, Object> values, Violations found) {
            if (holds(values, when, is) && given(at(values, then))) {
                found.at(then, "length must be 0");
                found.entity(text);
            }
        }
    }

    /** If a field has a certain value, one of the others must not be empty. */
    record OneOfWhen(String when, Predicate<Object> is, List<String> fields, String text) implements EntityCheck {
        @Override
        public List<String> dependsOn() {
            return Stream.concat(Stream.of(when), fields.stream()).toList();
        }

        @Override
        public void run(Map<String, Object> values, Violations found) {
            if (holds(values, when, is) && fields.stream().noneMatch(field -> given(at(values, field)))) {
                found.entity("must set one of " + names(fields) + " when " + text);
            }
        }
    }

    /** A value; {@code record.field} is one of a record's. */
    private static Object at(Map<String, Object> values, String path) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            return values.get(path);
        }
        return values.get(path.substring(0, dot)) instanceof Map<?, ?> below
                ? below.get(path.substring(dot + 1))
                : null;
    }

    private static boolean holds(Map<String, Object> values, String when, Predicate<Object> is) {
        Object value = at(values, when);
        return value != null && is.test(value);
    }

    private static boolean given(Object value) {
        return !(value == null
                || value instanceof List<?> list && list.isEmpty()
                || value instanceof Map<?, ?> map && map.isEmpty()
                || value instanceof String text && text.isEmpty());
    }

    private static String names(List<String> fields) {
        return String.join(", ", fields.stream().map(field -> "'" + field + "'").toList());
    }
}
