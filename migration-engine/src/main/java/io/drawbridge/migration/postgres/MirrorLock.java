package io.drawbridge.migration.postgres;

import io.drawbridge.migration.Lease;
import io.drawbridge.migration.MigrationBackend;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other system's lock, held beside our lease of the migrations; nothing where there is no mirror. Our lease decides, so
 * whoever holds their table must not keep ours from being renewed or given back. Thread-safe.
 */
final class MirrorLock {
    private static final Logger LOG = LoggerFactory.getLogger(MirrorLock.class);
    private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(5);

    private final JournalMirror mirror;
    private final Pool pool;
    private final Transactions transactions;
    private final Duration lockTimeout;

    /** @param mirror null: none */
    MirrorLock(JournalMirror mirror, Pool pool, Transactions transactions, Duration lockTimeout) {
        this.mirror = mirror;
        this.pool = pool;
        this.transactions = transactions;
        this.lockTimeout = lockTimeout;
    }

    /** False if somebody else has it: the other system's own tools may be at work. */
    Future<Boolean> hold(Lease lease, Duration ttl) {
        return besides(lease)
                ? briefly(connection -> mirror.hold(connection, lease.holder(), ttl))
                : Future.succeededFuture(true);
    }

    /** Does not fail. */
    Future<Void> renew(Lease lease, Duration ttl) {
        return tried("renewed", lease, connection -> mirror.renew(connection, lease.holder(), ttl));
    }

    /** Does not fail. */
    Future<Void> release(Lease lease) {
        return tried("released", lease, connection -> mirror.release(connection, lease.holder()));
    }

    private boolean besides(Lease lease) {
        return mirror != null && lease.name().equals(MigrationBackend.MIGRATIONS);
    }

    private Future<Void> tried(String what, Lease lease, Function<SqlConnection, Future<Void>> work) {
        return besides(lease)
                ? briefly(work)
                        .onFailure(failure -> LOG.warn("their lock not {} reason={}", what, failure.getMessage()))
                        .otherwiseEmpty()
                : Future.succeededFuture();
    }

    private <T> Future<T> briefly(Function<SqlConnection, Future<T>> work) {
        return pool.withConnection(connection -> transactions.run(connection, lockTimeout, STATEMENT_LIMIT, work));
    }
}
