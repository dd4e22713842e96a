package io.drawbridge.core.declarative;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Texts that are documents as a whole, for those that fit into memory. */
public final class Documents {
    private Documents() {}

    /**
     * A text that is JSON or YAML, whichever it turns out to be.
     *
     * @throws DeclarativeException if it is neither, or no map
     */
    public static Map<String, Object> parse(String text) {
        try {
            return text.stripLeading().startsWith("{") ? json(text) : Yaml.parse(text);
        } catch (DeclarativeException noJson) {
            /* Such as {a: b}. */
            return Yaml.parse(text);
        }
    }

    /** @throws DeclarativeException if it is no JSON, or no map */
    public static Map<String, Object> json(String text) {
        return Document.json(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .whole();
    }
}
