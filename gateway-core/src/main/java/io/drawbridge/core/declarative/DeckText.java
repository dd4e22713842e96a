package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.FieldType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A configuration as decK writes it: what belongs to a consumer, an upstream or a certificate within that, and nothing that
 * is null. It is in memory as a whole, as it is in decK. Confined to one document.
 */
public final class DeckText {
    /* decK knows neither tokens nor, in a gateway without workspaces in its paths, workspaces. */
    /* What others refer to with an object; plugins and services say an id. */
    private static final Set<String> OBJECTS = Set.of("routes.service", "upstreams.client_certificate");
    private static final Map<String, String> OWNERS = Map.of(
            "snis", "certificate",
            "targets", "upstream",
            "acls", "consumer",
            "basicauth_credentials", "consumer",
            "hmacauth_credentials", "consumer",
            "jwt_secrets", "consumer",
            "keyauth_credentials", "consumer",
            "oauth2_credentials", "consumer");
    private static final Set<String> MOMENTS = Set.of("created_at", "updated_at");

    private final Map<String, Object> document = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> owners = new LinkedHashMap<>();
    private final Map<String, Integer> leftOut = new TreeMap<>();

    public DeckText() {
        document.put(DeclarativeFile.FORMAT_VERSION, "1.1");
    }

    /**
     * @param workspace of the entities; only what is in the one named {@code default} is written
     * @param entities those that they belong to came before
     */
    public void add(String workspace, List<Entity> entities) {
        for (Entity entity : entities) {
            String type = entity.type().name();
            if (Removal.STAYS.contains(type) || entity.type().workspaced() && !workspace.equals(Workspaces.DEFAULT)) {
                leftOut.merge(type, 1, Integer::sum);
                continue;
            }
            Map<String, Object> entry = entry(entity);
            String owner = OWNERS.get(type);
            Map<String, Object> within = owner == null ? document : owners.get(String.valueOf(entity.reference(owner)));
            entries(within, type).add(entry);
            owners.put(entity.id().toString(), entry);
        }
    }

    /** How many entities are not in it, by type. */
    public Map<String, Integer> leftOut() {
        return Map.copyOf(leftOut);
    }

    public String text() {
        return Yaml.text(document);
    }

    @SuppressWarnings("unchecked")
    private static List<Object> entries(Map<String, Object> within, String type) {
        return (List<Object>) within.computeIfAbsent(type, none -> new ArrayList<>());
    }

    private static Map<String, Object> entry(Entity entity) {
        String type = entity.type().name();
        Map<String, Object> entry = new LinkedHashMap<>();
        for (Field field : entity.type().fields()) {
            String name = field.name();
            Object value = entity.get(name);
            if (value == null || MOMENTS.contains(name) || name.equals(OWNERS.get(type))) {
                continue;
            }
            boolean id = field.type() == FieldType.FOREIGN && !OBJECTS.contains(type + "." + name);
            entry.put(name, id ? String.valueOf(entity.reference(name)) : shown(field, value));
        }
        return entry;
    }

    /* A plugin's configuration may say null; other records may not. */
    private static Object shown(Field field, Object value) {
        if (field.dependsOnName()) {
            return value;
        }
        if (value instanceof List<?> list && field.elements() != null) {
            return list.stream()
                    .map(element -> shown(field.elements(), element))
                    .toList();
        }
        if (field.type() != FieldType.RECORD || !(value instanceof Map<?, ?> record)) {
            return value;
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        field.fields().stream()
                .filter(each -> record.get(each.name()) != null)
                .forEach(each -> shown.put(each.name(), shown(each, record.get(each.name()))));
        return shown;
    }
}
