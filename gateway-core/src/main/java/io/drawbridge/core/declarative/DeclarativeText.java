package io.drawbridge.core.declarative;

import com.fasterxml.jackson.core.JsonGenerator;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.FieldType;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A configuration as a document, piece by piece, so that it need not be in memory as a whole: {@link #begin}, then what
 * {@link #next} yields for each piece, then {@link #end}. Confined to one document.
 */
public final class DeclarativeText {
    private final boolean json;
    private String type = "";

    /** As YAML. */
    public DeclarativeText() {
        this(false);
    }

    /** @param json as JSON, else as YAML */
    public DeclarativeText(boolean json) {
        this.json = json;
    }

    /** What a document as YAML begins with. */
    public static String head() {
        return new DeclarativeText().begin();
    }

    public String begin() {
        return json
                ? "{\"_format_version\":\"2.1\",\"_transform\":false"
                : "_format_version: '2.1'\n_transform: false\n";
    }

    /** As {@link #next(String, List)}, of a configuration with one workspace. */
    public String next(List<Entity> entities) {
        return next(Workspaces.DEFAULT, entities);
    }

    /** @param entities of one type and workspace; types must not alternate */
    public String next(String workspace, List<Entity> entities) {
        if (entities.isEmpty()) {
            return "";
        }
        String name = entities.get(0).type().name();
        boolean first = !name.equals(type);
        boolean begun = !type.isEmpty();
        type = name;
        List<Map<String, Object>> entries =
                entities.stream().map(entity -> entry(workspace, entity)).toList();
        if (!json) {
            return (first ? name + ":\n" : "") + Yaml.text(entries);
        }
        String list = json(entries);
        return (first ? (begun ? "\n]" : "") + ",\n\"" + name + "\":[\n" : ",\n") + list;
    }

    public String end() {
        return json ? (type.isEmpty() ? "" : "\n]") + "}\n" : "";
    }

    /* One entry a line, without the brackets around them. */
    private static String json(List<Map<String, Object>> entries) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JsonValues.FACTORY.createGenerator(text)) {
            generator.setRootValueSeparator(new com.fasterxml.jackson.core.io.SerializedString(",\n"));
            for (Map<String, Object> entry : entries) {
                JsonValues.write(generator, entry);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /** References by id alone. */
    private static Map<String, Object> entry(String workspace, Entity entity) {
        Map<String, Object> entry = new LinkedHashMap<>();
        if (entity.type().workspaced() && !workspace.equals(Workspaces.DEFAULT)) {
            entry.put(Workspaces.MEMBER, workspace);
        }
        for (Field field : entity.type().fields()) {
            Object value = entity.get(field.name());
            entry.put(
                    field.name(),
                    field.type() == FieldType.FOREIGN && value instanceof Map<?, ?> reference
                            ? reference.get("id")
                            : value);
        }
        return entry;
    }
}
