package io.drawbridge.core.entity;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Makes entities from inputs: fills in defaults, brings values into their normal form, says everything that is wrong.
 * Thread-safe.
 */
public final class Validator {
    private final InstantSource clock;

    public Validator(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * What came of an input. Immutable.
     *
     * @param entity null if anything is wrong
     * @param violations what is wrong; empty if nothing
     */
    public record Checked(Entity entity, Violations violations) {}

    /** A whole entity from what was given: for an insert, or to take the place of another. */
    public Checked create(EntityType type, Map<String, Object> input) {
        return create(type, input, input.keySet());
    }

    /** As {@link #create}, from values that come from a store: what is computed from others was computed already. */
    public Checked createDerived(EntityType type, Map<String, Object> input) {
        return create(type, input, Set.of());
    }

    private Checked create(EntityType type, Map<String, Object> input, Set<String> fresh) {
        Violations found = new Violations();
        Map<String, Object> values = new LinkedHashMap<>(input);
        type.shorthand().accept(values, found);
        for (Field field : type.variant(values).fields()) {
            Object given = values.get(field.name());
            if (given == null && field.auto() != Field.Auto.NONE) {
                values.put(field.name(), automatic(field));
            } else if (!values.containsKey(field.name())) {
                values.put(field.name(), field.standard());
            }
        }
        return check(type, values, fresh, found);
    }

    /** The entity as it is after the given fields are changed; null unsets a field. */
    public Checked change(Entity before, Map<String, Object> input) {
        EntityType type = before.type();
        Violations found = new Violations(true);
        Map<String, Object> given = new LinkedHashMap<>(input);
        type.shorthand().accept(given, found);
        Map<String, Object> values = new LinkedHashMap<>(before.values());
        values.putAll(given);
        values = merge(before.values(), given, type.variant(values).fields());
        for (Field field : type.fields()) {
            if (field.auto() == Field.Auto.UPDATED) {
                values.put(field.name(), automatic(field));
            }
            if (field.immutable() && !same(before.get(field.name()), values.get(field.name()))) {
                found.field(field.name(), "immutable field cannot be updated");
            }
        }
        return check(type, values, input.keySet(), found);
    }

    /** Whether something can be the value of a field, such as a URL's segment of an endpoint key; yields what is wrong, or null. */
    public static String wrong(Field field, Object value) {
        Object error = new ValueCheck().run(field, value).error();
        return error == null ? null : String.valueOf(error);
    }

    private static boolean same(Object before, Object now) {
        return before instanceof String text && now instanceof String other
                ? text.equalsIgnoreCase(other)
                : java.util.Objects.equals(before, now);
    }

    /** Records are merged field by field, everything else is replaced as a whole. */
    private static Map<String, Object> merge(
            Map<String, Object> before, Map<String, Object> given, List<Field> fields) {
        Map<String, Object> merged = new LinkedHashMap<>(before);
        given.forEach((name, value) -> {
            Field field = fields.stream()
                    .filter(each -> each.name().equals(name) && each.type() == FieldType.RECORD)
                    .findFirst()
                    .orElse(null);
            merged.put(
                    name,
                    field != null && value instanceof Map<?, ?> now && before.get(name) instanceof Map<?, ?> old
                            ? merge(named(old), named(now), field.fields())
                            : value);
        });
        return merged;
    }

    private Object automatic(Field field) {
        return switch (field.auto()) {
            case UUID -> UUID.randomUUID().toString();
            case CREATED, UPDATED -> clock.instant().getEpochSecond();
            case CREATED_MILLIS -> clock.millis() / 1000.0;
            case RANDOM -> RandomText.of(32);
            case NONE -> null;
        };
    }

    private static Checked check(EntityType type, Map<String, Object> values, Set<String> given, Violations found) {
        EntityType exact = type.variant(values);
        Map<String, Object> normal = new ValueCheck().record(exact.fields(), exact.checks(), values, found);
        return found.isEmpty()
                ? new Checked(new Entity(type, type.derive().apply(normal, given)), found)
                : new Checked(null, found);
    }

    private static Map<String, Object> named(Map<?, ?> map) {
        Map<String, Object> named = new LinkedHashMap<>();
        map.forEach((key, value) -> named.put(String.valueOf(key), value));
        return named;
    }

    /** A value in its normal form, or what is wrong with it; of a wrong record also what is right of it. */
    private record Value(Object value, Object error) {
        static Value of(Object value) {
            return new Value(value, null);
        }

        static Value wrong(Object error) {
            return new Value(null, error);
        }
    }

    /** The walk over values. */
    private static final class ValueCheck {
        Map<String, Object> record(
                List<Field> fields, List<EntityCheck> checks, Map<String, Object> values, Violations found) {
            Map<String, Object> normal = new LinkedHashMap<>();
            for (Field field : fields) {
                Object value = values.get(field.name());
                Value checked = run(field, value);
                /* Checks over several fields judge a text even if it is wrong by itself: theirs is the better reason. */
                boolean text = checked.error() != null && field.type() == FieldType.STRING;
                normal.put(field.name(), text && value instanceof String ? value : checked.value());
                if (checked.error() != null && !found.has(field.name())) {
                    found.field(field.name(), checked.error());
                }
            }
            values.keySet().stream()
                    .filter(name ->
                            fields.stream().noneMatch(field -> field.name().equals(name)))
                    .forEach(name -> found.field(name, "unknown field"));
            for (EntityCheck check : checks) {
                if (check.dependsOn().stream().noneMatch(found::hasAt)) {
                    check.run(normal, found);
                }
            }
            return normal;
        }

        Value run(Field field, Object value) {
            if (value == null) {
                return field.required() ? Value.wrong("required field missing") : Value.of(null);
            }
            Value typed = switch (field.type()) {
                case STRING -> text(field, value);
                case INTEGER -> integer(value);
                case NUMBER -> number(value);
                case BOOLEAN -> value instanceof Boolean ? Value.of(value) : null;
                case ARRAY, SET -> list(field, value);
                case MAP -> map(field, value);
                case RECORD -> recordValue(field, value);
                case FOREIGN -> reference(value);
            };
            if (typed == null) {
                return Value.wrong(field.type().mismatch());
            }
            return typed.error() != null ? typed : ruled(field, typed.value());
        }

        private static Value ruled(Field field, Object value) {
            for (Rule rule : field.rules()) {
                String wrong = rule.check().apply(value);
                if (wrong != null) {
                    return Value.wrong(wrong);
                }
            }
            if (value instanceof String text) {
                String wrong = Formats.storable(text);
                return wrong != null
                        ? Value.wrong(wrong)
                        : Value.of(field.sqlType().equals("uuid") ? text.toLowerCase(Locale.ROOT) : text);
            }
            return field.type() == FieldType.INTEGER && !(value instanceof Long)
                    ? Value.wrong(FieldType.INTEGER.mismatch())
                    : Value.of(value);
        }

        private static Value text(Field field, Object value) {
            if (!(value instanceof String text)) {
                return null;
            }
            return text.isEmpty() && !field.hasRule(Rule.LENGTH_MIN)
                    ? Value.wrong("length must be at least 1")
                    : Value.of(text);
        }

        /** A {@code Double} where the number is whole but does not fit: the rules may have a better text for it. */
        private static Value integer(Object value) {
            if (value instanceof Integer || value instanceof Long) {
                return Value.of(((Number) value).longValue());
            }
            if (value instanceof Number number) {
                double wide = number.doubleValue();
                if (wide == Math.rint(wide) || Double.isInfinite(wide)) {
                    return Value.of(Math.abs(wide) < 9e15 ? (Object) (long) wide : (Object) wide);
                }
            }
            return null;
        }

        /** Whole numbers are shown without a fraction. */
        private static Value number(Object value) {
            if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
                return null;
            }
            double wide = number.doubleValue();
            return Value.of(wide == Math.rint(wide) && Math.abs(wide) < 9e15 ? (Object) (long) wide : (Object) wide);
        }

        private Value list(Field field, Object value) {
            List<?> given = value instanceof List<?> list
                    ? list
                    : value instanceof Map<?, ?> map && map.isEmpty() ? List.of() : null;
            if (given == null) {
                return null;
            }
            List<Object> normal = new ArrayList<>();
            List<Object> errors = new ArrayList<>();
            boolean wrong = false;
            for (Object element : given) {
                Value checked = element == null
                        ? Value.wrong(field.elements().type().mismatch())
                        : run(field.elements(), element);
                normal.add(checked.value());
                errors.add(checked.error());
                wrong |= checked.error() != null;
            }
            if (wrong) {
                while (errors.get(errors.size() - 1) == null) {
                    errors.remove(errors.size() - 1);
                }
                return Value.wrong(errors);
            }
            return Value.of(
                    field.type() == FieldType.SET ? List.copyOf(new LinkedHashSet<>(normal)) : List.copyOf(normal));
        }

        private Value map(Field field, Object value) {
            Map<String, Object> normal = new LinkedHashMap<>();
            if (value instanceof List<?> list && list.isEmpty()) {
                return Value.of(normal);
            }
            if (!(value instanceof Map<?, ?> map)) {
                return null;
            }
            for (Map.Entry<String, Object> entry : named(map).entrySet()) {
                Value key = run(field.keys(), entry.getKey());
                if (key.error() != null) {
                    return Value.wrong(key.error());
                }
                Value element = entry.getValue() == null
                        ? Value.wrong(field.elements().type().mismatch())
                        : run(field.elements(), entry.getValue());
                if (element.error() != null) {
                    return Value.wrong(element.error());
                }
                normal.put(entry.getKey(), sent(element.value(), entry.getValue()));
            }
            return Value.of(normal);
        }

        /* A map's records are shown as they were sent: clients do not fill them in before they compare. */
        private static Object sent(Object value, Object given) {
            if (value instanceof Map<?, ?> record && given instanceof Map<?, ?> own) {
                record.keySet().removeIf(name -> record.get(name) == null && !own.containsKey(name));
            }
            return value;
        }

        private Value recordValue(Field field, Object value) {
            Map<String, Object> given = value instanceof Map<?, ?> map
                    ? named(map)
                    : value instanceof List<?> list && list.isEmpty() ? Map.of() : null;
            if (given == null) {
                return null;
            }
            if (field.dependsOnName()) {
                return Value.of(given);
            }
            Violations found = new Violations();
            Map<String, Object> filled = new LinkedHashMap<>(given);
            field.fields().forEach(each -> {
                each.aliases().stream()
                        .filter(given::containsKey)
                        .forEach(older -> filled.put(each.name(), filled.remove(older)));
                if (each.auto() == Field.Auto.RANDOM && filled.get(each.name()) == null) {
                    filled.put(each.name(), RandomText.of(32));
                } else if (!filled.containsKey(each.name())) {
                    filled.put(each.name(), each.standard());
                }
            });
            Map<String, Object> normal = record(field.fields(), field.checks(), filled, found);
            return new Value(normal, found.isEmpty() ? null : found.fields());
        }

        private static Value reference(Object value) {
            Object id = value instanceof Map<?, ?> map ? map.get("id") : null;
            if (!(id instanceof String text)) {
                return Value.wrong(Map.of("id", id == null ? FieldType.FOREIGN.mismatch() : "expected a valid UUID"));
            }
            String wrong = Formats.uuid(text);
            return wrong == null
                    ? Value.of(Map.of("id", text.toLowerCase(Locale.ROOT)))
                    : Value.wrong(Map.of("id", wrong));
        }
    }
}
