package io.drawbridge.migration.memory;

import io.drawbridge.migration.Action;
import io.drawbridge.migration.AuditEntry;
import io.drawbridge.migration.ClusterState;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Journal;
import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.Lease;
import io.drawbridge.migration.LeaseView;
import io.drawbridge.migration.Member;
import io.drawbridge.migration.Migration;
import io.drawbridge.migration.MigrationBackend;
import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.drawbridge.migration.Request;
import io.drawbridge.migration.Survey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * One node's way to a {@link MemoryDatabase}. Answers always come later, from the event loop, as those of a database do.
 * Thread-safe.
 */
public final class InMemoryMigrationBackend implements MigrationBackend<MemoryStep> {
    private final Vertx vertx;
    private final MemoryDatabase database;

    public InMemoryMigrationBackend(Vertx vertx, MemoryDatabase database) {
        this.vertx = vertx;
        this.database = database;
    }

    @Override
    public Future<Survey> survey() {
        return later(() -> new Survey(
                database.gate == null ? Survey.Kind.EMPTY : Survey.Kind.OURS,
                "memory",
                List.of(),
                Map.of(),
                List.of(),
                List.of()));
    }

    @Override
    public Future<Void> prepare(Gate gate, Journal journal, AuditNote note) {
        return later(() -> {
            if (database.gate == null) {
                database.gate = gate;
                database.journal = journal;
                database.audit(null, "-", gate.toString(), note);
            }
            return null;
        });
    }

    @Override
    public Future<ClusterState> read() {
        return later(() -> new ClusterState(
                database.gate(),
                database.journal,
                database.lease(MIGRATIONS).view(database.now()),
                database.openRequest(),
                database.incarnation + " memory"));
    }

    @Override
    public Future<Optional<Lease>> acquire(
            String lease, String holder, String incarnation, Duration ttl, LeaseView stale) {
        return later(() -> {
            MemoryDatabase.LeaseRow row = database.lease(lease);
            boolean still = stale != null && stale.epoch() == row.epoch && stale.beat() == row.beat;
            if (row.expiresNanos - database.now() > 0 && !still) {
                return Optional.<Lease>empty();
            }
            row.holder = holder;
            row.epoch++;
            row.beat(database.now() + ttl.toNanos(), null);
            return Optional.of(new Lease(lease, holder, row.epoch));
        });
    }

    @Override
    public Future<Void> renew(Lease lease, Duration ttl, String note) {
        return fenced(lease, () -> {
            database.lease(lease.name()).beat(database.now() + ttl.toNanos(), note);
            return null;
        });
    }

    @Override
    public Future<Void> release(Lease lease) {
        return later(() -> {
            if (database.holds(lease)) {
                database.lease(lease.name()).expiresNanos = database.now();
            }
            return null;
        });
    }

    @Override
    public String lockWaits(Lease lease) {
        return "";
    }

    @Override
    public Future<Void> interrupt(Lease lease) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Optional<JournalEntry>> apply(Lease lease, Action<MemoryStep> action) {
        return fenced(lease, () -> {
            MemoryStep step = action.step();
            JournalEntry before = action.before();
            if (step != null) {
                step.effect().accept(database.data);
                int done = before.cursor() == null ? 1 : Integer.parseInt(before.cursor()) + 1;
                if (done < step.batches()) {
                    JournalEntry half = before.at(Integer.toString(done), done, step.batches());
                    database.journal = database.journal.with(half);
                    return Optional.of(half);
                }
            }
            database.journal = action.after() == null
                    ? database.journal.without(action.migration().id())
                    : database.journal.with(action.after());
            return Optional.ofNullable(action.after());
        });
    }

    @Override
    public Future<Void> bootstrap(Lease lease, List<Action<MemoryStep>> actions, Gate from, Gate to, AuditNote note) {
        return fenced(lease, () -> {
            database.expect(from);
            actions.forEach(action -> {
                if (action.step() != null) {
                    action.step().effect().accept(database.data);
                }
                database.journal = database.journal.with(action.after());
            });
            database.move(from, to, lease, note);
            return null;
        });
    }

    @Override
    public Future<Void> fail(Lease lease, JournalEntry entry) {
        return fenced(lease, () -> {
            database.journal = database.journal.with(entry);
            return null;
        });
    }

    @Override
    public Future<Void> transition(Lease lease, Gate from, Gate to, Duration fence, Request closing, AuditNote note) {
        return fenced(lease, () -> {
            database.move(from, to, lease, note);
            database.fence(fence);
            if (closing != null) {
                database.settle(closing);
            }
            return null;
        });
    }

    @Override
    public Future<Void> announce(Member member) {
        return later(() -> {
            database.gate();
            database.announce(member);
            return null;
        });
    }

    @Override
    public Future<Void> leave(Member member) {
        return later(() -> {
            database.leave(member);
            return null;
        });
    }

    @Override
    public Future<List<Member>> members(Duration purge) {
        return later(() -> database.members(purge));
    }

    @Override
    public Future<Request> ask(Request request) {
        return later(() -> database.openRequest().orElseGet(() -> {
            database.requests.put(request.id(), request);
            return request;
        }));
    }

    @Override
    public Future<Optional<Request>> request(String id) {
        return later(() -> Optional.ofNullable(database.requests.get(id)));
    }

    @Override
    public Future<Void> close(Lease lease, Request closed, AuditNote note) {
        return fenced(lease, () -> {
            database.settle(closed);
            database.audit(lease, closed.kind() + " OPEN", closed.kind() + " " + closed.state(), note);
            return null;
        });
    }

    @Override
    public Future<List<AuditEntry>> audit(int limit) {
        return later(() -> {
            List<AuditEntry> newest = new ArrayList<>(database.audit);
            Collections.reverse(newest);
            return List.copyOf(newest.subList(0, Math.min(limit, newest.size())));
        });
    }

    @Override
    public Future<List<Blocker>> foreignBlockers() {
        return Future.succeededFuture(List.of());
    }

    /** Yields the data's entries that begin with the step's name. */
    @Override
    public Future<List<String>> query(MemoryStep query) {
        return later(() -> database.data.keySet().stream()
                .filter(key -> key.startsWith(query.name()))
                .toList());
    }

    @Override
    public Future<Long> estimate(MemoryStep step) {
        return later(() -> (long) database.data.size());
    }

    @Override
    public Future<Void> foreignWrites(boolean on, AuditNote note) {
        return later(() -> {
            Gate gate = database.gate();
            database.gate = gate.to(gate.state(), gate.active(), gate.target()).withForeignWrites(on, false);
            database.audit(null, "foreign writes", on ? "on" : "off", note);
            return null;
        });
    }

    @Override
    public Future<List<String>> reset(Lease lease, List<Migration<MemoryStep>> catalog) {
        return fenced(lease, () -> {
            List<String> gone = List.copyOf(database.data.keySet());
            database.clear();
            return gone;
        });
    }

    @Override
    public Future<List<String>> mirrorDifferences(Lease lease, List<Migration<MemoryStep>> catalog, boolean repair) {
        return Future.succeededFuture(List.of());
    }

    @Override
    public Future<Void> acceptRestore(AuditNote note) {
        return later(() -> {
            database.incarnation = UUID.randomUUID().toString();
            database.audit(null, "restored", "accepted", note);
            return null;
        });
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    private <T> Future<T> fenced(Lease lease, Supplier<T> work) {
        return later(() -> {
            if (!database.holds(lease)) {
                throw new MigrationException(
                        MigrationError.LEASE_LOST,
                        "lease " + lease.name() + " epoch " + lease.epoch() + " is another's: nothing was changed");
            }
            return work.get();
        });
    }

    private <T> Future<T> later(Supplier<T> work) {
        Promise<T> answer = Promise.promise();
        vertx.runOnContext(now -> {
            try {
                synchronized (database) {
                    answer.complete(work.get());
                }
            } catch (RuntimeException failure) {
                answer.fail(failure);
            }
        });
        return answer.future();
    }
}
