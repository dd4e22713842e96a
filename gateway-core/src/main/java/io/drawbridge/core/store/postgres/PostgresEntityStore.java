package io.drawbridge.core.store.postgres;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.Page;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.StoreError;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.core.store.Tagged;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PostgresGate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** Entities in PostgreSQL: one generic store for all types, gated in each write's own transaction. Thread-safe. */
public final class PostgresEntityStore implements EntityStore {
    /* Attempts at one upsert by a key that others write at once. */
    private static final int UPSERTS = 6;
    /* Two bulk changes that write the same rows in another order would end in a deadlock. The number is ours alone. */
    private static final String ALONE = "SELECT pg_advisory_xact_lock(4919350214276481281)";
    /* The table that triggers of the database keep beside the entities; ids are compared as bytes, tags in the C order. */
    private static final String TAGS = """
            SELECT t.entity_id, t.entity_name, tag FROM tags t CROSS JOIN unnest(t.tags) AS tag
             WHERE ($1::text IS NULL OR t.tags @> ARRAY[$1::text] AND tag = $1)
               AND (t.entity_id > $2 OR t.entity_id = $2 AND tag COLLATE "C" > $3)
             ORDER BY t.entity_id, tag COLLATE "C" LIMIT $4""";

    private final Pool pool;
    private final GatedTransactions transactions;
    private final long answerMillis;
    private final long bulkMillis;
    /* By the type's name: this store serves one release. */
    private final Map<String, EntitySql> statements = new ConcurrentHashMap<>();

    private PostgresEntityStore(Pool pool, GatedTransactions transactions, PostgresStoreOptions options) {
        this.pool = pool;
        this.transactions = transactions;
        this.answerMillis = options.answerTimeout().toMillis();
        this.bulkMillis = options.bulkTimeout().toMillis();
    }

    /**
     * @param connect how to reach the database, {@code search_path} and credentials included
     * @param tables where the gate is
     * @param release of this node: decides what it may write and which columns it knows
     * @param member this node's id, for the writer's tag
     * @param wentBack why the database must not be written although the gate may be open; empty if it may
     */
    public static PostgresEntityStore create(
            Vertx vertx,
            PgConnectOptions connect,
            EngineTables tables,
            Release release,
            String member,
            Supplier<Optional<String>> wentBack,
            PostgresStoreOptions options) {
        return create(vertx, connect, new PostgresGate(tables)::lock, release, member, wentBack, options);
    }

    /** @param gate how a transaction asks the gate */
    static PostgresEntityStore create(
            Vertx vertx,
            PgConnectOptions connect,
            Function<SqlConnection, Future<Gate>> gate,
            Release release,
            String member,
            Supplier<Optional<String>> wentBack,
            PostgresStoreOptions options) {
        PgConnectOptions own = new PgConnectOptions(connect)
                .setCachePreparedStatements(options.cacheStatements())
                .setPreparedStatementCacheMaxSize(256)
                .setPreparedStatementCacheSqlLimit(8192)
                .setPipeliningLimit(16);
        TransactionSettings settings = new TransactionSettings(release + "/" + member, options);
        /* Behind a pooler a connection's own settings would be those of others too: then each transaction brings them. */
        boolean direct = options.cacheStatements() && !connect.getUseLayer7Proxy();
        if (direct) {
            settings.all().forEach(own::addProperty);
        }
        PoolOptions bounds = new PoolOptions()
                .setName("entities")
                .setMaxSize(options.poolSize())
                .setMaxWaitQueueSize(options.waitQueue())
                .setConnectionTimeout((int) options.connectTimeout().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(5)
                .setIdleTimeoutUnit(TimeUnit.MINUTES);
        /* A server that vanished without a word: its connections are dropped, so that they do not fill the pool. */
        NetClientOptions net = new NetClientOptions()
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                .setConnectTimeout((int) options.connectTimeout().toMillis())
                .setIdleTimeout((int) options.answerTimeout().toMillis() * 2)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        Pool pool = PgBuilder.pool()
                .with(bounds)
                .with(net)
                .connectingTo(own)
                .using(vertx)
                .build();
        GatedTransactions transactions = new GatedTransactions(
                pool,
                gate,
                release,
                direct ? "BEGIN ISOLATION LEVEL READ COMMITTED" : settings.begin(),
                wentBack,
                options.answerTimeout());
        return new PostgresEntityStore(pool, transactions, options);
    }

    @Override
    public Future<Optional<Entity>> get(EntityType type, EntityKey key) {
        EntitySql sql = sql(type);
        return read(sql, sql.get(key)).map(rows -> RowAccess.first(sql, rows));
    }

    @Override
    public Future<Page> page(EntityType type, PageRequest request) {
        EntitySql sql = sql(type);
        return read(sql, sql.page(request)).map(rows -> RowAccess.page(sql, request, rows));
    }

    @Override
    public Future<Entity> insert(Entity entity) {
        EntitySql sql = sql(entity.type());
        return write(
                sql,
                entity,
                () -> transactions.run(
                        connection -> execute(connection, sql.insert(entity)),
                        (connection, rows) -> Future.succeededFuture()
                                .map(here -> RowAccess.one(sql, rows, StoreError.DATABASE_ERROR))));
    }

    @Override
    public Future<Entity> update(EntityType type, EntityKey key, Change change) {
        EntitySql sql = sql(type);
        Entity[] written = new Entity[1];
        return again(() -> transactions.run(connection -> execute(connection, sql.lock(key)), (connection, rows) -> {
                    written[0] = change.apply(RowAccess.first(sql, rows).orElseThrow(StoreException::notFound));
                    return execute(connection, sql.update(written[0]))
                            .map(changed -> RowAccess.one(sql, changed, StoreError.NOT_FOUND));
                }))
                .recover(failure -> Future.failedFuture(StoreFailures.translate(failure, sql, written[0])));
    }

    @Override
    public Future<Entity> upsert(Entity entity, EntityKey key) {
        EntitySql sql = sql(entity.type());
        Supplier<Future<Entity>> attempt = () -> transactions.run(
                connection -> execute(connection, sql.upsert(entity, key)),
                (connection, rows) -> Future.succeededFuture().map(here -> RowAccess.upserted(sql, entity, rows)));
        return write(sql, entity, () -> upsert(attempt, entity.type(), UPSERTS));
    }

    /* While a table has two unique indexes over a key, the one that ON CONFLICT does not name may be hit first by a writer of
    the same name. By then its row is there, and the next attempt finds it, unless somebody deletes it meanwhile. */
    private static Future<Entity> upsert(Supplier<Future<Entity>> attempt, EntityType type, int attempts) {
        return attempt.get()
                .recover(failure -> attempts > 1 && StoreFailures.clash(failure, type.endpointKey())
                        ? upsert(attempt, type, attempts - 1)
                        : Future.failedFuture(failure));
    }

    @Override
    public Future<Void> upsertAll(List<Entity> entities) {
        return transact(access -> access.upsertAll(entities));
    }

    @Override
    public Future<Void> deleteAll(List<Entity> entities) {
        return transact(access -> access.deleteAll(entities));
    }

    @Override
    public Future<List<Entity>> getAll(EntityType type, List<UUID> ids) {
        return snapshot(access -> access.getAll(type, ids));
    }

    @Override
    public Future<Boolean> delete(EntityType type, EntityKey key, PageRequest.Parent parent) {
        EntitySql sql = sql(type);
        return write(
                sql,
                null,
                () -> transactions.run(
                        connection -> execute(connection, sql.delete(key, parent)),
                        (connection, rows) -> Future.succeededFuture(rows.size() > 0)));
    }

    @Override
    public <T> Future<T> transact(Work<T> work) {
        return meant(() -> transactions.run(
                connection -> Future.succeededFuture(),
                (connection, nothing, over) -> done(work, connection, over),
                answerMillis));
    }

    @Override
    public <T> Future<T> bulk(Work<T> work) {
        return meant(() -> transactions.run(
                connection -> connection.query(ALONE).execute(),
                (connection, alone, over) -> done(work, connection, over),
                bulkMillis));
    }

    @Override
    public <T> Future<T> snapshot(Work<T> work) {
        return meant(() -> transactions.look((connection, over) -> done(work, connection, over), bulkMillis));
    }

    private <T> Future<T> done(Work<T> work, SqlConnection connection, BooleanSupplier over) {
        return Future.succeededFuture(new RowAccess(connection, this::sql, over))
                .compose(work::apply)
                .recover(failure ->
                        Future.failedFuture(failure instanceof PgException ? failure : new WorkFailure(failure)));
    }

    private static <T> Future<T> meant(Supplier<Future<T>> attempt) {
        return again(attempt)
                .recover(failure -> Future.failedFuture(
                        failure instanceof WorkFailure own
                                ? own.getCause()
                                : StoreFailures.translate(failure, null, null)));
    }

    /** A failure of what a caller had done in its transaction: it says what it means. */
    private static final class WorkFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WorkFailure(Throwable cause) {
            super(cause);
        }
    }

    @Override
    public Future<Tagged.Page> tags(String tag, Tagged after, int size) {
        Tuple arguments = Tuple.of(
                tag, after == null ? new UUID(0, 0) : after.id(), after == null ? "" : after.tag(), (long) size + 1);
        return read(null, new EntitySql.Statement(TAGS, arguments)).map(rows -> {
            List<Tagged> found = new ArrayList<>(rows.size());
            rows.forEach(row -> found.add(
                    new Tagged(row.getString("entity_name"), row.getUUID("entity_id"), row.getString("tag"))));
            return new Tagged.Page(found.subList(0, Math.min(size, found.size())), found.size() > size);
        });
    }

    @Override
    public Future<Void> ping() {
        return pool.query("SELECT 1")
                .execute()
                .timeout(answerMillis, TimeUnit.MILLISECONDS)
                .<Void>mapEmpty()
                .recover(failure -> Future.failedFuture(StoreFailures.translate(failure, null, null)));
    }

    @Override
    public Future<Void> close() {
        return pool.close().otherwiseEmpty();
    }

    private EntitySql sql(EntityType type) {
        EntitySql known = statements.get(type.name());
        return known != null ? known : statements.computeIfAbsent(type.name(), name -> new EntitySql(type));
    }

    private Future<RowSet<Row>> read(EntitySql sql, EntitySql.Statement statement) {
        return again(() -> execute(pool, statement).timeout(answerMillis, TimeUnit.MILLISECONDS))
                .recover(failure -> Future.failedFuture(StoreFailures.translate(failure, sql, null)));
    }

    private static <T> Future<T> write(EntitySql sql, Entity entity, Supplier<Future<T>> attempt) {
        return again(attempt).recover(failure -> Future.failedFuture(StoreFailures.translate(failure, sql, entity)));
    }

    /** A second attempt where the first failed, as a whole, for a reason that passes by itself. */
    private static <T> Future<T> again(Supplier<Future<T>> attempt) {
        return attempt.get()
                .recover(failure -> StoreFailures.passing(failure) ? attempt.get() : Future.failedFuture(failure));
    }

    private static Future<RowSet<Row>> execute(SqlClient client, EntitySql.Statement statement) {
        return client.preparedQuery(statement.sql()).execute(statement.arguments());
    }
}
