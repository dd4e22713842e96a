package io.drawbridge.app;

import io.drawbridge.core.declarative.Document;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A declarative file as a person has it: JSON or YAML, by its name. */
public final class ConfigFile {
    private ConfigFile() {}

    public static boolean isJson(Path file) {
        return name(file).endsWith(".json");
    }

    /** The document in the file; reading it fails with a text for a person. */
    public static Document document(Path file) {
        if (!isJson(file) && !name(file).endsWith(".yml") && !name(file).endsWith(".yaml")) {
            throw new IllegalArgumentException("unknown file type: " + file + ". (Accepted types: json, yaml)");
        }
        return members -> {
            try (InputStream bytes = Files.newInputStream(file)) {
                (isJson(file) ? Document.json(bytes) : Document.yaml(bytes)).read(members);
            } catch (NoSuchFileException none) {
                throw new IllegalArgumentException(file + ": No such file or directory", none);
            } catch (IOException failure) {
                throw new IllegalArgumentException("cannot read " + file + ": " + failure, failure);
            }
        };
    }

    /** The same as a whole. */
    public static Map<String, Object> read(Path file) {
        return document(file).whole();
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    }
}
