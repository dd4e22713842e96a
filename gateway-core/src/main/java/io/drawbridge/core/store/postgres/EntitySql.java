package io.drawbridge.core.store.postgres;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.StoreError;
import io.drawbridge.core.store.StoreException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements of one entity type, as the node's release writes them: a release without workspaces names no
 * {@code ws_id}, whatever the table has by now. Immutable.
 */
final class EntitySql {
    private static final String DEFAULT = "(SELECT id FROM workspaces WHERE name = 'default')";

    private final String workspace;
    private final EntityType type;
    private final List<Field> fields;
    private final String columns;
    private final String selected;
    private final String alive;
    private final String where;
    private final String cacheKey;
    private final String insert;

    EntitySql(EntityType type) {
        this(type, DEFAULT);
    }

    /** Of that workspace's entities. */
    EntitySql(EntityType type, UUID workspace) {
        this(type, "'" + workspace + "'::uuid");
    }

    private EntitySql(EntityType type, String workspace) {
        this.type = type;
        this.workspace = workspace;
        this.fields = type.fields();
        this.columns = fields.stream().map(field -> quoted(field.column())).collect(Collectors.joining(", "))
                + (type.workspaced() ? ", ws_id" : "");
        this.selected = fields.stream().map(EntitySql::shown).collect(Collectors.joining(", "))
                + (type.workspaced() ? ", ws_id" : "");
        this.alive = fields.stream()
                .filter(EntitySql::expires)
                .map(field -> quoted(field.column()))
                .findFirst()
                .map(column -> "(" + column + " IS NULL OR " + column + " > CURRENT_TIMESTAMP)")
                .orElse("");
        this.where = (type.workspaced() ? " AND ws_id = " + workspace : "") + (alive.isEmpty() ? "" : " AND " + alive);
        this.cacheKey =
                "$" + (fields.size() + 1) + (type.workspaced() ? "::text || ':' || " + workspace + "::text" : "");
        this.insert = "INSERT INTO " + type.name() + " (" + columns + (keyed() ? ", cache_key" : "") + ") VALUES ("
                + IntStream.range(0, fields.size()).mapToObj(this::value).collect(Collectors.joining(", "))
                + (type.workspaced() ? ", " + workspace : "") + (keyed() ? ", " + cacheKey : "") + ")";
    }

    /** A statement and its arguments. */
    record Statement(String sql, Tuple arguments) {}

    EntityType type() {
        return type;
    }

    Statement get(EntityKey key) {
        return new Statement("SELECT " + selected + " FROM " + type.name() + byKey(key), Tuple.of(argument(key)));
    }

    /** Keeps others from changing the row, not from referring to it. */
    Statement lock(EntityKey key) {
        return new Statement(get(key).sql() + " FOR NO KEY UPDATE", Tuple.of(argument(key)));
    }

    /** One row more than asked for, to see whether there are more. */
    Statement page(PageRequest request) {
        List<String> conditions = new ArrayList<>();
        Tuple arguments = Tuple.tuple();
        if (type.workspaced()) {
            conditions.add("ws_id = " + workspace);
        }
        if (!alive.isEmpty()) {
            conditions.add(alive);
        }
        if (request.after() != null) {
            arguments.addUUID(request.after());
            conditions.add("id > $" + arguments.size());
        }
        if (request.tags() != null) {
            arguments.addArrayOfString(request.tags().tags().toArray(String[]::new));
            conditions.add("tags " + (request.tags().all() ? "@>" : "&&") + " $" + arguments.size());
        }
        if (request.match() != null) {
            Field field = type.field(request.match().field()).orElseThrow();
            arguments.addValue(ColumnCodec.encode(field, request.match().value()));
            conditions.add(quoted(field.column()) + " = $" + arguments.size());
        }
        if (request.parent() != null) {
            arguments.addUUID(request.parent().id());
            conditions.add(quoted(column(request.parent().field())) + " = $" + arguments.size());
        }
        arguments.addLong(request.size() + 1L);
        return new Statement(
                "SELECT " + selected + " FROM " + type.name()
                        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                        + " ORDER BY id LIMIT $" + arguments.size(),
                arguments);
    }

    Statement insert(Entity entity) {
        return new Statement(insert + " RETURNING " + selected, all(entity));
    }

    Statement update(Entity entity) {
        String set = IntStream.range(0, fields.size())
                .filter(i -> !fields.get(i).name().equals("id"))
                .mapToObj(i -> quoted(fields.get(i).column()) + " = " + value(i))
                .collect(Collectors.joining(", "));
        int id = IntStream.range(0, fields.size())
                        .filter(i -> fields.get(i).name().equals("id"))
                        .findFirst()
                        .orElseThrow()
                + 1;
        return new Statement(
                "UPDATE " + type.name() + " SET " + set + (keyed() ? ", cache_key = " + cacheKey : "") + " WHERE id = $"
                        + id + where + " RETURNING " + selected,
                all(entity));
    }

    /* By id another workspace's row must not be taken over: no row comes back then. */
    Statement upsert(Entity entity, EntityKey key) {
        String target = key.id() != null ? "id" : (perWorkspace() ? "ws_id, " : "") + quoted(type.endpointKey());
        String set = fields.stream()
                        .filter(field -> !field.name().equals("id"))
                        .map(field -> quoted(field.column()) + " = excluded." + quoted(field.column()))
                        .collect(Collectors.joining(", "))
                + (keyed() ? ", cache_key = excluded.cache_key" : "");
        String own = type.workspaced() && key.id() != null ? " WHERE " + type.name() + ".ws_id = excluded.ws_id" : "";
        return new Statement(
                insert + " ON CONFLICT (" + target + ") DO UPDATE SET " + set + own + " RETURNING " + selected,
                all(entity));
    }

    Statement delete(EntityKey key, PageRequest.Parent parent) {
        Tuple arguments = Tuple.of(argument(key));
        String child = "";
        if (parent != null) {
            arguments.addUUID(parent.id());
            child = " AND " + quoted(column(parent.field())) + " = $2";
        }
        return new Statement("DELETE FROM " + type.name() + byKey(key) + child + " RETURNING id", arguments);
    }

    Statement delete(List<UUID> ids) {
        return new Statement("DELETE FROM " + type.name() + oneOf(), array(ids));
    }

    Statement get(List<UUID> ids) {
        return new Statement("SELECT " + selected + " FROM " + type.name() + oneOf(), array(ids));
    }

    private String oneOf() {
        return " WHERE id = ANY($1)" + where;
    }

    private static Tuple array(List<UUID> ids) {
        return Tuple.tuple().addArrayOfUUID(ids.toArray(UUID[]::new));
    }

    Entity read(Row row) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            values.put(fields.get(i).name(), ColumnCodec.decode(fields.get(i), row.getValue(i)));
        }
        return new Entity(type, values);
    }

    /** A row just written; refuses one without a workspace, which nobody could see again. */
    Entity written(Row row) {
        if (type.workspaced() && row.getValue(fields.size()) == null) {
            throw StoreException.of(StoreError.DATABASE_ERROR, "the database has no workspace 'default'");
        }
        return read(row);
    }

    /** The field that a column holds, by the column's name; null for {@code ws_id}. */
    Field field(String column) {
        return fields.stream()
                .filter(field -> field.column().equals(column))
                .findFirst()
                .orElse(null);
    }

    private static boolean expires(Field field) {
        return field.sqlType().equals(Field.SECONDS_LEFT);
    }

    private static String shown(Field field) {
        String column = quoted(field.column());
        return expires(field)
                ? "CASE WHEN " + column + " IS NOT NULL THEN greatest(0, floor(extract(epoch FROM " + column
                        + " - clock_timestamp())))::bigint END AS " + column
                : column;
    }

    /** What a statement writes for the field of that number; 0 seconds are no end. */
    private String value(int number) {
        String argument = "$" + (number + 1);
        return expires(fields.get(number))
                ? "CURRENT_TIMESTAMP + nullif(" + argument + "::bigint, 0) * interval '1 second'"
                : argument;
    }

    private boolean keyed() {
        return !type.together().isEmpty();
    }

    private boolean perWorkspace() {
        return type.workspaced()
                && !type.field(type.endpointKey()).orElseThrow().everywhere();
    }

    private String column(String field) {
        return type.field(field).orElseThrow().column();
    }

    private String byKey(EntityKey key) {
        return " WHERE " + (key.id() != null ? "id" : quoted(type.endpointKey())) + " = $1" + where;
    }

    private static Object argument(EntityKey key) {
        return key.id() != null ? key.id() : key.name();
    }

    private Tuple all(Entity entity) {
        Tuple tuple = Tuple.tuple();
        fields.forEach(field -> tuple.addValue(ColumnCodec.encode(field, entity.get(field.name()))));
        if (keyed()) {
            tuple.addString(type.cacheKey(entity));
        }
        return tuple;
    }

    private static String quoted(String column) {
        return '"' + column + '"';
    }
}
