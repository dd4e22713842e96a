package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.FieldType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A configuration as YAML, piece by piece, so that it need not be in memory as a whole: {@link #head}, then what
 * {@link #next} yields for each piece. Confined to one document.
 */
public final class DeclarativeText {
    private String type = "";

    /** What a document begins with. */
    public static String head() {
        return "_format_version: '2.1'\n_transform: false\n";
    }

    /** @param entities of one type; types must not alternate */
    public String next(List<Entity> entities) {
        StringBuilder text = new StringBuilder();
        if (entities.isEmpty()) {
            return "";
        }
        String name = entities.get(0).type().name();
        if (!name.equals(type)) {
            type = name;
            text.append(name).append(":\n");
        }
        return text.append(
                        Yaml.text(entities.stream().map(DeclarativeText::entry).toList()))
                .toString();
    }

    /** References by id alone. */
    private static Map<String, Object> entry(Entity entity) {
        Map<String, Object> entry = new LinkedHashMap<>();
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
