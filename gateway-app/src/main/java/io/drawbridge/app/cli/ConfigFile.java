package io.drawbridge.app.cli;

import io.drawbridge.core.declarative.Yaml;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A declarative file as a person has it: JSON or YAML, by its name. */
final class ConfigFile {
    private static final String FAILED = "failed parsing declarative configuration: ";

    private static final int BYTES_MAX = 64 * 1024 * 1024;

    private ConfigFile() {}

    /** The document in the file. Fails with a text for a person. */
    static Map<String, Object> read(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        boolean json = name.endsWith(".json");
        if (!json && !name.endsWith(".yml") && !name.endsWith(".yaml")) {
            throw new IllegalArgumentException("unknown file type: " + file + ". (Accepted types: json, yaml)");
        }
        String text = text(file);
        return json ? json(text) : Yaml.parse(text);
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new IllegalArgumentException(file + " is larger than " + BYTES_MAX + " bytes");
            }
            return Files.readString(file);
        } catch (NoSuchFileException none) {
            throw new IllegalArgumentException(file + ": No such file or directory", none);
        } catch (IOException failure) {
            throw new IllegalArgumentException("cannot read " + file + ": " + failure, failure);
        }
    }

    private static Map<String, Object> json(String text) {
        Object value;
        try {
            value = io.vertx.core.json.Json.decodeValue(text);
        } catch (DecodeException malformed) {
            throw new IllegalArgumentException(FAILED + malformed.getMessage(), malformed);
        }
        if (!(value instanceof JsonObject object)) {
            throw new IllegalArgumentException(FAILED + "expected an object");
        }
        return map(object.getMap());
    }

    private static Map<String, Object> map(Map<?, ?> map) {
        Map<String, Object> plain = new LinkedHashMap<>();
        map.forEach((key, value) -> plain.put(String.valueOf(key), value(value)));
        return plain;
    }

    private static Object value(Object value) {
        if (value instanceof JsonObject object) {
            return map(object.getMap());
        }
        if (value instanceof Map<?, ?> map) {
            return map(map);
        }
        if (value instanceof JsonArray array) {
            return value(array.getList());
        }
        if (value instanceof List<?> list) {
            List<Object> plain = new ArrayList<>(list.size());
            list.forEach(each -> plain.add(value(each)));
            return plain;
        }
        return value;
    }
}
