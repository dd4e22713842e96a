package io.drawbridge.core.config.postgres;

import io.drawbridge.core.config.Change;
import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.store.postgres.ConfigRows;
import io.drawbridge.migration.Futures;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Makes a snapshot from the database as one moment shows it, or the next one from the one before. Every call must be within one
 * REPEATABLE READ transaction. Besides the changes that have a revision it takes those that have none yet: so what comes out
 * is what the database had at that moment, never a part of a transaction, and they are just read again when they are numbered.
 */
final class ConfigReader {
    private static final String PENDING =
            "SELECT entity, id, op FROM drawbridge_changes WHERE revision IS NULL LIMIT $1";
    private static final int PAGE = 1000;
    private static final UUID FIRST = new UUID(0, 0);

    private final Map<String, ConfigRows> rows = new LinkedHashMap<>();
    private final Vertx vertx;
    private final int changesMax;

    ConfigReader(Vertx vertx, List<EntityType> types, int changesMax) {
        this.vertx = vertx;
        types.forEach(type -> rows.put(type.name(), new ConfigRows(type)));
        this.changesMax = changesMax;
    }

    /** Everything, anew. */
    Future<ConfigSnapshot> whole(SqlClient client) {
        List<Entity> all = new ArrayList<>();
        return new RevisionReader(client, changesMax)
                .since(Changes.Position.none())
                .compose(changes -> Futures.forEach(
                                rows.keySet(),
                                type -> all(client, type).onSuccess(all::addAll).mapEmpty())
                        .map(done -> ConfigSnapshot.of(changes.position(), all)));
    }

    /** What follows on {@code before}; itself if nothing happened. */
    Future<ConfigSnapshot> next(SqlClient client, ConfigSnapshot before) {
        return new RevisionReader(client, changesMax)
                .since(before.position())
                .compose(changes -> changes.complete() ? pending(client, before, changes) : whole(client));
    }

    private Future<ConfigSnapshot> pending(SqlClient client, ConfigSnapshot before, Changes changes) {
        return client.preparedQuery(PENDING).execute(Tuple.of(changesMax + 1L)).compose(found -> {
            if (found.size() > changesMax) {
                return whole(client);
            }
            Touched touched = new Touched();
            changes.changes().forEach(change -> touched.add(change.entity(), change.id(), change.op()));
            found.forEach(row ->
                    touched.add(row.getString("entity"), row.getString("id"), Change.Op.of(row.getString("op"))));
            return touched.isEmpty()
                    ? Future.succeededFuture(before.at(changes.position()))
                    : delta(client, before, touched).map(delta -> before.with(changes.position(), delta));
        });
    }

    private Future<ConfigSnapshot.Delta> delta(SqlClient client, ConfigSnapshot before, Touched touched) {
        Map<String, List<Entity>> written = new HashMap<>();
        Map<String, Set<UUID>> deleted = new HashMap<>();
        return Futures.forEach(touched.types(), type -> {
                    Set<UUID> gone = new HashSet<>(touched.ids(type));
                    if (touched.whole(type)) {
                        before.all(type).forEach(entity -> gone.add(entity.id()));
                    }
                    Future<List<Entity>> now =
                            touched.whole(type) ? all(client, type) : some(client, type, touched.ids(type));
                    return now.onSuccess(entities -> {
                                entities.forEach(entity -> gone.remove(entity.id()));
                                written.put(type, entities);
                                deleted.put(type, gone);
                            })
                            .mapEmpty();
                })
                .map(done -> new ConfigSnapshot.Delta(written, deleted));
    }

    private Future<List<Entity>> some(SqlClient client, String type, Set<UUID> ids) {
        return rows.get(type).some(client, List.copyOf(ids));
    }

    private Future<List<Entity>> all(SqlClient client, String type) {
        List<Entity> all = new ArrayList<>();
        return Futures.loop(vertx, () -> {
            UUID last = all.isEmpty() ? FIRST : all.get(all.size() - 1).id();
            return rows.get(type).page(client, last, PAGE).map(page -> {
                all.addAll(page);
                return page.size() < PAGE ? all : null;
            });
        });
    }

    /** Which rows must be read. */
    private final class Touched {
        private final Map<String, Set<UUID>> ids = new HashMap<>();
        private final Set<String> wholes = new HashSet<>();

        void add(String type, String id, Change.Op op) {
            if (!rows.containsKey(type)) {
                return;
            }
            ids.computeIfAbsent(type, name -> new HashSet<>());
            if (id == null || op == Change.Op.TRUNCATED || op == Change.Op.RELOAD) {
                wholes.add(type);
            } else {
                ids.get(type).add(UUID.fromString(id));
            }
        }

        boolean isEmpty() {
            return ids.isEmpty();
        }

        Set<String> types() {
            return ids.keySet();
        }

        Set<UUID> ids(String type) {
            return ids.get(type);
        }

        boolean whole(String type) {
            return wholes.contains(type);
        }
    }
}
