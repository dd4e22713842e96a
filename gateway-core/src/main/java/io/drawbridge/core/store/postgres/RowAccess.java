package io.drawbridge.core.store.postgres;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.store.EntityAccess;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.Page;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.StoreError;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.migration.Futures;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Entities by way of one connection whose transaction passed the gate. Confined to that transaction. */
final class RowAccess implements EntityAccess {
    private final SqlConnection connection;
    private final Function<EntityType, EntitySql> statements;
    private final BooleanSupplier over;

    /** @param over whether the transaction was given up, so that nothing may be sent any more */
    RowAccess(SqlConnection connection, Function<EntityType, EntitySql> statements, BooleanSupplier over) {
        this.connection = connection;
        this.statements = statements;
        this.over = over;
    }

    @Override
    public EntityAccess in(UUID workspace) {
        Map<String, EntitySql> known = new HashMap<>();
        return new RowAccess(
                connection,
                type -> type.workspaced()
                        ? known.computeIfAbsent(type.name(), name -> new EntitySql(type, workspace))
                        : statements.apply(type),
                over);
    }

    @Override
    public Future<Optional<Entity>> get(EntityType type, EntityKey key) {
        EntitySql sql = statements.apply(type);
        return execute(sql.get(key), sql, null).map(rows -> first(sql, rows));
    }

    @Override
    public Future<Page> page(EntityType type, PageRequest request) {
        EntitySql sql = statements.apply(type);
        return execute(sql.page(request), sql, null).map(rows -> page(sql, request, rows));
    }

    @Override
    public Future<Entity> insert(Entity entity) {
        EntitySql sql = statements.apply(entity.type());
        return execute(sql.insert(entity), sql, entity).map(rows -> one(sql, rows, StoreError.DATABASE_ERROR));
    }

    @Override
    public Future<Entity> update(EntityType type, EntityKey key, Change change) {
        EntitySql sql = statements.apply(type);
        return execute(sql.lock(key), sql, null).compose(rows -> {
            Entity changed = change.apply(first(sql, rows).orElseThrow(StoreException::notFound));
            return execute(sql.update(changed), sql, changed).map(after -> one(sql, after, StoreError.NOT_FOUND));
        });
    }

    @Override
    public Future<Entity> upsert(Entity entity, EntityKey key) {
        EntitySql sql = statements.apply(entity.type());
        return execute(sql.upsert(entity, key), sql, entity).map(rows -> upserted(sql, entity, rows));
    }

    @Override
    public Future<Void> upsertAll(List<Entity> entities) {
        if (entities.isEmpty()) {
            return Future.succeededFuture();
        }
        if (over.getAsBoolean()) {
            return late();
        }
        EntitySql sql = statements.apply(entities.get(0).type());
        List<EntitySql.Statement> all = entities.stream()
                .map(entity -> sql.upsert(entity, EntityKey.of(entity.id())))
                .toList();
        return connection
                .query("SAVEPOINT several")
                .execute()
                .compose(saved -> connection
                        .preparedQuery(all.get(0).sql())
                        .executeBatch(
                                all.stream().map(EntitySql.Statement::arguments).toList()))
                .map(rows -> upserted(sql, entities, rows))
                .compose(
                        written -> connection.query("RELEASE SAVEPOINT several").execute(),
                        failure -> failure instanceof PgException && !StoreFailures.passing(failure)
                                ? oneByOne(entities)
                                : Future.failedFuture(
                                        StoreFailures.passing(failure)
                                                ? failure
                                                : StoreFailures.translate(failure, sql, null)))
                .mapEmpty();
    }

    /* The server does not say which of several it refused. */
    private Future<RowSet<Row>> oneByOne(List<Entity> entities) {
        return connection
                .query("ROLLBACK TO SAVEPOINT several")
                .execute()
                .compose(back -> Futures.forEach(
                        entities,
                        entity -> upsert(entity, EntityKey.of(entity.id())).mapEmpty()))
                .mapEmpty();
    }

    private static Void upserted(EntitySql sql, List<Entity> entities, RowSet<Row> first) {
        RowSet<Row> rows = first;
        for (Entity entity : entities) {
            upserted(sql, entity, rows);
            rows = rows.next();
        }
        return null;
    }

    @Override
    public Future<Void> deleteAll(List<Entity> entities) {
        if (entities.isEmpty()) {
            return Future.succeededFuture();
        }
        EntitySql sql = statements.apply(entities.get(0).type());
        return execute(sql.delete(entities.stream().map(Entity::id).toList()), sql, null)
                .mapEmpty();
    }

    @Override
    public Future<List<Entity>> getAll(EntityType type, List<UUID> ids) {
        EntitySql sql = statements.apply(type);
        return execute(sql.get(ids), sql, null).map(rows -> {
            List<Entity> found = new ArrayList<>(rows.size());
            rows.forEach(row -> found.add(sql.read(row)));
            return found;
        });
    }

    @Override
    public Future<Boolean> delete(EntityType type, EntityKey key, PageRequest.Parent parent) {
        EntitySql sql = statements.apply(type);
        return execute(sql.delete(key, parent), sql, null).map(rows -> rows.size() > 0);
    }

    private static <T> Future<T> late() {
        return Future.failedFuture(StoreException.of(StoreError.UNAVAILABLE, "timed out"));
    }

    private Future<RowSet<Row>> execute(EntitySql.Statement statement, EntitySql sql, Entity written) {
        if (over.getAsBoolean()) {
            return late();
        }
        return connection
                .preparedQuery(statement.sql())
                .execute(statement.arguments())
                .recover(failure -> Future.failedFuture(
                        StoreFailures.passing(failure) ? failure : StoreFailures.translate(failure, sql, written)));
    }

    static Optional<Entity> first(EntitySql sql, RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(sql.read(rows.iterator().next()));
    }

    static Page page(EntitySql sql, PageRequest request, RowSet<Row> rows) {
        List<Entity> found = new ArrayList<>(rows.size());
        rows.forEach(row -> found.add(sql.read(row)));
        if (found.size() <= request.size()) {
            return new Page(found, null);
        }
        List<Entity> page = found.subList(0, request.size());
        return new Page(page, page.get(page.size() - 1).id());
    }

    static Entity one(EntitySql sql, RowSet<Row> rows, StoreError none) {
        if (rows.size() != 1) {
            throw StoreException.of(none, "no row was written");
        }
        return sql.written(rows.iterator().next());
    }

    /** No row: another workspace has one of that id. */
    static Entity upserted(EntitySql sql, Entity entity, RowSet<Row> rows) {
        if (rows.size() == 0) {
            throw StoreException.duplicate(entity, "id");
        }
        return one(sql, rows, StoreError.DATABASE_ERROR);
    }
}
