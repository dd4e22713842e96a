package io.drawbridge.migration.memory;

import io.drawbridge.migration.AuditEntry;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Journal;
import io.drawbridge.migration.Lease;
import io.drawbridge.migration.LeaseView;
import io.drawbridge.migration.Member;
import io.drawbridge.migration.MigrationBackend.AuditNote;
import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.drawbridge.migration.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** What nodes share: the data, and the engine's own rows. Guarded by its own monitor. */
public final class MemoryDatabase {
    final Map<String, String> data = new TreeMap<>();
    final Map<String, Request> requests = new LinkedHashMap<>();
    final List<AuditEntry> audit = new ArrayList<>();
    private final Map<String, LeaseRow> leases = new HashMap<>();
    private final Map<String, MemberRow> members = new TreeMap<>();
    Gate gate;
    Journal journal = Journal.empty();
    String incarnation = UUID.randomUUID().toString();
    private long deadlineNanos;
    private long clockNanos;

    /** A copy of the data. */
    public synchronized Map<String, String> data() {
        return new TreeMap<>(data);
    }

    /** Changes the data as somebody outside would; null removes. */
    public synchronized void change(String key, String value) {
        if (value == null) {
            data.remove(key);
        } else {
            data.put(key, value);
        }
    }

    /** Moves this database's clock, forwards or back. */
    public synchronized void shiftClock(Duration by) {
        clockNanos += by.toNanos();
    }

    long now() {
        return System.nanoTime() + clockNanos;
    }

    void fence(Duration limit) {
        deadlineNanos = limit == null ? Long.MAX_VALUE : now() + limit.toNanos();
    }

    /** Fails before the database is prepared. */
    Gate gate() {
        if (gate == null) {
            throw new MigrationException(MigrationError.NOT_BOOTSTRAPPED, "the database needs bootstrapping");
        }
        boolean passed = deadlineNanos != Long.MAX_VALUE && now() - deadlineNanos >= 0;
        return new Gate(
                gate.state(),
                gate.active(),
                gate.target(),
                gate.seq(),
                gate.held(),
                gate.foreignWrites(),
                gate.foreignWritesKept(),
                gate.state() == Gate.State.FENCED && passed);
    }

    void expect(Gate from) {
        if (gate.state() != from.state() || gate.seq() != from.seq()) {
            throw new MigrationException(MigrationError.OUTCOME_UNKNOWN, "the gate moved meanwhile: look again");
        }
    }

    void move(Gate from, Gate to, Lease lease, AuditNote note) {
        expect(from);
        gate = to;
        audit(lease, from.toString(), to.toString(), note);
    }

    /** @param lease null if none was needed */
    void audit(Lease lease, String from, String to, AuditNote note) {
        audit.add(new AuditEntry(
                audit.size() + 1,
                Instant.now(),
                note.by(),
                note.release(),
                lease == null ? 0 : lease.epoch(),
                from,
                to,
                note.reason()));
    }

    Optional<Request> openRequest() {
        return requests.values().stream().filter(Request::open).findFirst();
    }

    void settle(Request closed) {
        requests.computeIfPresent(closed.id(), (id, known) -> known.open() ? closed : known);
    }

    LeaseRow lease(String name) {
        return leases.computeIfAbsent(name, first -> new LeaseRow(now()));
    }

    boolean holds(Lease lease) {
        LeaseRow row = lease(lease.name());
        return row.epoch == lease.epoch() && row.holder.equals(lease.holder());
    }

    MemberRow announce(Member member) {
        MemberRow row = members.computeIfAbsent(member.id(), first -> new MemberRow());
        row.member = member;
        row.beat++;
        row.seenNanos = now();
        return row;
    }

    void leave(Member member) {
        MemberRow row = members.get(member.id());
        if (row != null && row.member.incarnation().equals(member.incarnation())) {
            members.remove(member.id());
        }
    }

    List<Member> members(Duration purge) {
        members.values().removeIf(row -> now() - row.seenNanos > purge.toNanos());
        return members.values().stream().map(row -> row.view(now())).toList();
    }

    void clear() {
        data.clear();
        requests.clear();
        audit.clear();
        leases.clear();
        members.clear();
        gate = null;
        journal = Journal.empty();
        incarnation = UUID.randomUUID().toString();
    }

    /** Confined to the database's monitor. */
    static final class LeaseRow {
        String holder = "";
        long epoch;
        long beat;
        long expiresNanos;
        String note;

        private LeaseRow(long expiresNanos) {
            this.expiresNanos = expiresNanos;
        }

        void beat(long nextExpiryNanos, String nextNote) {
            beat++;
            expiresNanos = nextExpiryNanos;
            note = nextNote;
        }

        LeaseView view(long now) {
            return new LeaseView(holder, epoch, beat, Duration.ofNanos(expiresNanos - now), note);
        }
    }

    /** Confined to the database's monitor. */
    private static final class MemberRow {
        private Member member;
        private long beat;
        private long seenNanos;

        private Member view(long now) {
            return new Member(
                    member.id(),
                    member.incarnation(),
                    member.release(),
                    member.role(),
                    member.adminUrl(),
                    member.drained(),
                    beat,
                    Duration.ofNanos(now - seenNanos));
        }
    }
}
