package io.drawbridge.core.config.postgres;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.config.SourceOptions;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.store.postgres.SmallPool;
import io.drawbridge.migration.Futures;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration as the database has it, followed by way of the change log. Looks at the newest revision often, and reads
 * only the rows that changed. What it has stays while the database is away. Confined to the context that starts it, but for
 * {@link #hint}, {@link #latest}, {@link #silence} and {@link #stale}.
 */
public final class StoreConfigSource {
    /* Tokens are not configuration: they come and go with requests. */
    private static final String TOKENS = "oauth2_tokens";
    private static final String NEWEST = "SELECT revision, incarnation FROM drawbridge_revision";
    private static final long STOP_MILLIS = 5000;
    private static final Duration STALE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(StoreConfigSource.class);

    private final Vertx vertx;
    private final Pool pool;
    private final ConfigReader reader;
    private final SourceOptions options;
    private final String begin;
    private final Consumer<ConfigSnapshot> listener;
    private final Promise<ConfigSnapshot> first = Promise.promise();
    private volatile Promise<Void> wake = Promise.promise();
    private volatile boolean stopping;
    private volatile ConfigSnapshot latest;
    private volatile long heardAtNanos = System.nanoTime();
    private Future<Void> running = Future.succeededFuture();
    private long verifyAtNanos;
    private boolean troubled;

    private StoreConfigSource(
            Vertx vertx, Pool pool, ConfigReader reader, SourceOptions options, Consumer<ConfigSnapshot> listener) {
        this.vertx = vertx;
        this.pool = pool;
        this.reader = reader;
        this.options = options;
        this.listener = listener;
        this.begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = "
                + options.statementTimeout().toMillis();
    }

    /**
     * @param release of this node: which fields and types it knows
     * @param listener hears of every configuration that differs from the one before; must return quickly
     */
    public static StoreConfigSource create(
            Vertx vertx,
            PgConnectOptions connect,
            Release release,
            SourceOptions options,
            Consumer<ConfigSnapshot> listener) {
        Pool pool = SmallPool.of(vertx, connect, "config", options.statementTimeout());
        return new StoreConfigSource(
                vertx, pool, new ConfigReader(vertx, types(release), options.changesMax()), options, listener);
    }

    /** What configuration consists of. */
    public static List<EntityType> types(Release release) {
        return EntityTypes.at(release).all().stream()
                .filter(type -> !type.name().equals(TOKENS))
                .toList();
    }

    /** Begins to follow; completes with the first configuration, and fails only if it is stopped before. */
    public Future<ConfigSnapshot> start() {
        running = Futures.<Boolean>loop(vertx, () -> stopping ? Future.succeededFuture(true) : round())
                .mapEmpty();
        return first.future();
    }

    /** Says that there is a new revision: no need to wait for the next look. From any thread. */
    public void hint() {
        wake.tryComplete();
    }

    /** The newest configuration that was read; empty before the first. */
    public Optional<ConfigSnapshot> latest() {
        return Optional.ofNullable(latest);
    }

    /** For how long the database has not answered: what there is may be older than that. */
    public Duration silence() {
        return Duration.ofNanos(System.nanoTime() - heardAtNanos);
    }

    /** For how long the database has not answered; empty if it did within the last 5 s. */
    public Optional<Duration> stale() {
        return Optional.of(silence()).filter(silence -> silence.compareTo(STALE) >= 0);
    }

    /** Releases connections; within 5 s. Does not fail. */
    public Future<Void> stop() {
        stopping = true;
        hint();
        return running.timeout(STOP_MILLIS, TimeUnit.MILLISECONDS)
                .otherwiseEmpty()
                .onComplete(done -> first.tryFail("stopped"))
                .eventually(pool::close)
                .otherwiseEmpty();
    }

    private Future<Boolean> round() {
        wake = Promise.promise();
        return look().onSuccess(done -> {
                    if (troubled) {
                        LOG.info("configuration is read again after={}", silence());
                    }
                    heardAtNanos = System.nanoTime();
                    troubled = false;
                })
                .recover(failure -> {
                    if (!troubled) {
                        LOG.warn("configuration cannot be read, keeping what there is reason={}", failure.getMessage());
                    }
                    troubled = true;
                    return Future.succeededFuture();
                })
                .compose(done -> Future.any(Futures.pause(vertx, options.poll()), wake.future()))
                .mapEmpty();
    }

    private Future<Void> look() {
        if (latest == null || System.nanoTime() - verifyAtNanos >= 0) {
            return within(reader::whole).map(this::verified);
        }
        return pool.query(NEWEST).execute().compose(rows -> {
            Row row = rows.iterator().next();
            boolean same = row.getLong("revision") == latest.position().revision()
                    && row.getString("incarnation").equals(latest.position().incarnation());
            return same
                    ? Future.succeededFuture()
                    : within(client -> reader.next(client, latest)).map(this::taken);
        });
    }

    private Void verified(ConfigSnapshot anew) {
        verifyAtNanos = System.nanoTime() + options.verify().toNanos();
        if (latest != null
                && latest.position().equals(anew.position())
                && !latest.digest().equals(anew.digest())) {
            LOG.error(
                    "configuration differed from the database's without a change revision={} kept={} read={}",
                    anew.position().revision(),
                    latest.digest(),
                    anew.digest());
        }
        return taken(anew);
    }

    private Void taken(ConfigSnapshot next) {
        ConfigSnapshot before = latest;
        latest = next;
        first.tryComplete(next);
        if (before == null || !before.digest().equals(next.digest())) {
            listener.accept(next);
        }
        return null;
    }

    private Future<ConfigSnapshot> within(Function<SqlClient, Future<ConfigSnapshot>> work) {
        return pool.withConnection(connection -> connection
                .query(begin)
                .execute()
                .compose(begun -> work.apply(connection))
                .transform(done -> connection
                        .query("ROLLBACK")
                        .execute()
                        .transform(over -> done.succeeded()
                                ? over.succeeded()
                                        ? Future.succeededFuture(done.result())
                                        : Future.<ConfigSnapshot>failedFuture(over.cause())
                                : Future.failedFuture(done.cause()))));
    }
}
