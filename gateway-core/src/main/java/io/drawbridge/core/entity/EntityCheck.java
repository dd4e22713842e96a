package io.drawbridge.core.entity;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A check over several fields of an entity or of a record. Called with normalised values, after the fields' own rules;
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
            if (fields.stream().noneMatch(field -> given(values.get(field)))) {
                found.entity("at least one of these fields must be non-empty: " + names(fields));
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
            if (is.test(values.get(when)) && values.get(then) != null) {
                found.field(then, "value must be null");
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
            if (is.test(values.get(when)) && !allowed.test(values.get(then))) {
                found.field(then, text);
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
            if (is.test(values.get(when)) && given(values.get(then))) {
                found.field(then, "length must be 0");
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
            if (is.test(values.get(when)) && fields.stream().noneMatch(field -> given(values.get(field)))) {
                found.entity("must set one of " + names(fields) + " when " + text);
            }
        }
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
