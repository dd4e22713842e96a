package io.drawbridge.app;

import io.drawbridge.core.declarative.Documents;
import io.drawbridge.core.declarative.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A declarative file as a person has it: JSON or YAML, by its name. */
public final class ConfigFile {
    private static final int BYTES_MAX = 64 * 1024 * 1024;

    private ConfigFile() {}

    /** The document in the file. Fails with a text for a person. */
    public static Map<String, Object> read(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        boolean json = name.endsWith(".json");
        if (!json && !name.endsWith(".yml") && !name.endsWith(".yaml")) {
            throw new IllegalArgumentException("unknown file type: " + file + ". (Accepted types: json, yaml)");
        }
        String text = text(file);
        return json ? Documents.json(text) : Yaml.parse(text);
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
}
