package io.drawbridge.core.store.postgres;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.Field;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Entities of one type as configuration for those that proxy: of all workspaces, and for those that end, the moment in seconds
 * since 1970 instead of the seconds that are left. Thread-safe.
 */
public final class ConfigRows {
    private final EntityType type;
    private final String page;
    private final String some;

    public ConfigRows(EntityType type) {
        this.type = type;
        String columns = type.fields().stream().map(ConfigRows::shown).collect(Collectors.joining(", "));
        String alive = type.fields().stream()
                .filter(ConfigRows::ends)
                .findFirst()
                .map(field -> " AND (" + field.column() + " IS NULL OR " + field.column() + " > CURRENT_TIMESTAMP)")
                .orElse("");
        String from = "SELECT " + columns + " FROM " + type.name() + " WHERE ";
        this.page = from + "id > $1" + alive + " ORDER BY id LIMIT $2";
        this.some = from + "id = ANY($1)" + alive;
    }

    /**
     * Those after an id, in the order of ids.
     *
     * @param size most of them; fewer than that: there are no more
     */
    public Future<List<Entity>> page(SqlClient client, UUID after, int size) {
        return client.preparedQuery(page).execute(Tuple.of(after, (long) size)).map(this::entities);
    }

    /** Those of these ids that are there. */
    public Future<List<Entity>> some(SqlClient client, List<UUID> ids) {
        return client.preparedQuery(some)
                .execute(Tuple.tuple().addArrayOfUUID(ids.toArray(UUID[]::new)))
                .map(this::entities);
    }

    private List<Entity> entities(RowSet<Row> rows) {
        List<Entity> entities = new ArrayList<>(rows.size());
        for (Row row : rows) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (int i = 0; i < type.fields().size(); i++) {
                Field field = type.fields().get(i);
                values.put(field.name(), ends(field) ? row.getLong(i) : ColumnCodec.decode(field, row.getValue(i)));
            }
            entities.add(new Entity(type, values));
        }
        return entities;
    }

    private static String shown(Field field) {
        String column = '"' + field.column() + '"';
        return ends(field) ? "ceil(extract(epoch FROM " + column + "))::bigint" : column;
    }

    private static boolean ends(Field field) {
        return field.sqlType().equals(Field.SECONDS_LEFT);
    }
}
