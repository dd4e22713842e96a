package io.drawbridge.migration.postgres;

import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.Migration;
import io.drawbridge.migration.MigrationBackend.Blocker;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Bookkeeping of another system, kept beside the journal in the same transactions, so that its tools read what they
 * expect. All methods run on the given connection, inside the caller's transaction, and leave it usable on success.
 * Implementations are immutable.
 */
public interface JournalMirror {
    /** Names of the relations that the whole catalog creates at any time: they tell a foreign database. */
    Set<String> relations();

    /** Makes the bookkeeping's own tables if they are missing. */
    Future<Void> prepare(SqlConnection connection);

    /**
     * What the bookkeeping says by migration id: true executed, false pending. Empty if there is no such bookkeeping.
     * Ids that the catalog does not know are included.
     */
    Future<Optional<Map<String, Boolean>>> read(SqlConnection connection);

    /** Brings the bookkeeping up to what the journal says of one migration; {@code after} null: it was undone. */
    Future<Void> write(SqlConnection connection, Migration<PgStep> migration, JournalEntry after);

    /** Takes the other system's lock for this holder; false if somebody else has it. */
    Future<Boolean> hold(SqlConnection connection, String holder, Duration ttl);

    /** Keeps the lock, or takes it again if it was lost. */
    Future<Void> renew(SqlConnection connection, String holder, Duration ttl);

    Future<Void> release(SqlConnection connection, String holder);

    /** Connections that look like running nodes of the other system, for people; never our own. */
    Future<List<String>> strangers(SqlConnection connection);

    /**
     * Whom a finish would harm: strangers that are known to write, by process id and role. By default each stranger is a
     * mere warning.
     */
    default Future<List<Blocker>> blockers(SqlConnection connection) {
        return strangers(connection)
                .map(names -> names.stream()
                        .map(name -> new Blocker("foreign", name, true))
                        .toList());
    }

    /** Removes the bookkeeping's own tables, and functions that the catalog made. */
    Future<Void> drop(SqlConnection connection);
}
