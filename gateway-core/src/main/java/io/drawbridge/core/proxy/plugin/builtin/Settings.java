package io.drawbridge.core.proxy.plugin.builtin;

import io.drawbridge.core.entity.Entity;
import java.util.List;
import java.util.Map;

/** What a plugin entity's {@code config} says. Immutable. */
record Settings(Map<?, ?> values) {
    static Settings of(Entity plugin) {
        return new Settings(plugin.get("config") instanceof Map<?, ?> config ? config : Map.of());
    }

    /** Null if there is none. */
    String text(String name) {
        return values.get(name) instanceof String text ? text : null;
    }

    String text(String name, String standard) {
        String text = text(name);
        return text == null ? standard : text;
    }

    boolean flag(String name, boolean standard) {
        return values.get(name) instanceof Boolean flag ? flag : standard;
    }

    /** Rounded up; 0 if there is none. */
    long number(String name) {
        return values.get(name) instanceof Number number ? (long) Math.ceil(number.doubleValue()) : 0;
    }

    /** Empty if there are none. */
    List<String> texts(String name) {
        return values.get(name) instanceof List<?> list
                ? list.stream().map(String.class::cast).toList()
                : List.of();
    }
}
