package io.drawbridge.migration.postgres;

import io.drawbridge.migration.Lease;
import io.drawbridge.migration.LeaseView;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;

/** The lease rows: taken, renewed and given back, each in one statement on the server's clock. Immutable. */
final class LeaseTable {
    private final EngineTables tables;
    private final Transactions transactions;

    LeaseTable(EngineTables tables, Transactions transactions) {
        this.tables = tables;
        this.transactions = transactions;
    }

    /** What step connections of a lease are called, so that an heir can end those of a dead leader. */
    static String stepName(String lease, String holder, long epoch) {
        return "drawbridge-step/" + lease + "/" + Integer.toHexString(holder.hashCode()) + "/" + epoch;
    }

    /*
     * A dead leader's statement may run on in the server and keep its fence (and with it our UPDATE) waiting, so its
     * backends are ended first. Only when the lease is up for taking: the same condition is judged again by the UPDATE.
     */
    Future<Optional<Lease>> acquire(
            Pool pool, String name, String holder, String incarnation, Duration ttl, LeaseView stale) {
        long staleEpoch = stale == null ? -1 : stale.epoch();
        long staleBeat = stale == null ? -1 : stale.beat();
        String free = "(expires_at <= clock_timestamp() OR (epoch = $2 AND beat = $3))";
        String find = "SELECT holder, epoch FROM " + tables.lease() + " WHERE name = $1 AND " + free;
        String take = "UPDATE " + tables.lease()
                + " SET holder = $4, incarnation = $5, epoch = epoch + 1, beat = beat + 1, note = NULL,"
                + " expires_at = clock_timestamp() + $6 * interval '1 millisecond' WHERE name = $1 AND " + free
                + " RETURNING epoch";
        return pool.preparedQuery(find)
                .execute(Tuple.of(name, staleEpoch, staleBeat))
                .compose(rows -> {
                    if (rows.size() == 0) {
                        return Future.succeededFuture(Optional.<Lease>empty());
                    }
                    String dead = rows.iterator().next().getString("holder");
                    long epoch = rows.iterator().next().getLong("epoch");
                    return endSteps(pool, name, dead, epoch)
                            .compose(ended -> pool.withConnection(connection -> transactions.run(
                                    connection,
                                    ttl,
                                    ttl,
                                    in -> in.preparedQuery(take)
                                            .execute(Tuple.of(
                                                    name, staleEpoch, staleBeat, holder, incarnation, ttl.toMillis()))
                                            .map(taken -> taken.size() == 0
                                                    ? Optional.<Lease>empty()
                                                    : Optional.of(new Lease(
                                                            name,
                                                            holder,
                                                            taken.iterator()
                                                                    .next()
                                                                    .getLong("epoch")))))));
                })
                .recover(failure -> PgErrors.locked(failure)
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
    }

    /* A backend of a mightier role we may not end; then the UPDATE waits for its step, within its own limit. */
    private static Future<Void> endSteps(SqlClient client, String lease, String holder, long epoch) {
        return client.preparedQuery("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name = $1 AND datname = current_database() AND pid <> pg_backend_pid()")
                .execute(Tuple.of(stepName(lease, holder, epoch)))
                .<Void>mapEmpty()
                .recover(failure -> PgErrors.DENIED.equals(PgErrors.state(failure))
                        ? Future.succeededFuture()
                        : Future.failedFuture(failure));
    }

    Future<Void> renew(SqlClient client, Lease lease, Duration ttl, String note) {
        return client.preparedQuery("UPDATE " + tables.lease()
                        + " SET expires_at = clock_timestamp() + $4 * interval '1 millisecond', beat = beat + 1, note = $5"
                        + " WHERE name = $1 AND holder = $2 AND epoch = $3")
                .execute(Tuple.of(lease.name(), lease.holder(), lease.epoch(), ttl.toMillis(), note))
                .compose(rows -> rows.rowCount() == 1
                        ? Future.succeededFuture()
                        : Future.failedFuture(PgErrors.leaseLost(lease)));
    }

    Future<Void> release(SqlClient client, Lease lease) {
        return client.preparedQuery(
                        "UPDATE " + tables.lease()
                                + " SET expires_at = clock_timestamp(), note = NULL WHERE name = $1 AND holder = $2 AND epoch = $3")
                .execute(Tuple.of(lease.name(), lease.holder(), lease.epoch()))
                .mapEmpty();
    }
}
