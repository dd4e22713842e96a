package io.drawbridge.app.cli;

import io.drawbridge.migration.Finding;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.LeaseView;
import io.drawbridge.migration.Migration;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints what the engine does while it does it: Kong's run lines, a bar with rate and time left for long conversions on a
 * terminal, plain lines otherwise. Thread-safe.
 */
final class Progress implements MigrationListener {
    private static final long PLAIN_INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

    private final Output output;
    private final String database;
    private final Map<String, String> outcome = new LinkedHashMap<>();
    private String subsystem = "";
    private boolean bars;
    private ProgressLine bar;
    private String barOf = "";
    private long startedNanos;
    private long saidNanos;
    private String leader = "";
    private boolean hidePending;
    private boolean brief;

    Progress(Output output, boolean terminal, String database) {
        this.output = output;
        this.bars = terminal && !output.quiet();
        this.database = database;
    }

    @Override
    public synchronized void migrationMoved(Migration<?> migration, JournalEntry entry) {
        closeBar();
        if (entry == null && brief) {
            return;
        }
        if (entry == null) {
            begin(migration);
            output.line(migration.subsystem() + " undone: " + migration.name());
            return;
        }
        boolean pending = entry.state() == JournalEntry.State.EXPANDED;
        if (pending && hidePending) {
            return;
        }
        outcome.put(migration.id(), pending ? "pending" : "executed");
        if (brief) {
            return;
        }
        begin(migration);
        output.line(migration.subsystem() + " migrated up to: " + migration.name()
                + (pending ? " (pending)" : " (executed)"));
    }

    /** Bootstrap passes through the first phase of each migration; only where it ends is worth a line. */
    synchronized void hidePending() {
        hidePending = true;
    }

    /** Of a node that starts: no line per migration. */
    synchronized void brief() {
        brief = true;
    }

    private void begin(Migration<?> migration) {
        if (!migration.subsystem().equals(subsystem)) {
            subsystem = migration.subsystem();
            output.line("migrating " + subsystem + " on database '" + database + "'...");
        }
    }

    /** Kong's counters. */
    synchronized List<String> counters() {
        closeBar();
        List<String> lines = new ArrayList<>();
        long executed = outcome.values().stream().filter("executed"::equals).count();
        long pending = outcome.size() - executed;
        if (!outcome.isEmpty()) {
            lines.add(outcome.size() + " migration" + (outcome.size() > 1 ? "s" : "") + " processed");
        }
        if (executed > 0) {
            lines.add(executed + " executed");
        }
        if (pending > 0) {
            lines.add(pending + " pending");
        }
        return lines;
    }

    @Override
    public synchronized void stepStarted(String migration, JournalEntry.State phase, Step step) {
        output.verbose("running migration: " + migration + " (" + step.name() + ")");
    }

    @Override
    public synchronized void stepProgress(String migration, Step step, JournalEntry entry) {
        String what = migration + ": " + step.name();
        if (!what.equals(barOf)) {
            closeBar();
            barOf = what;
            startedNanos = System.nanoTime();
            saidNanos = startedNanos;
            if (bars) {
                bar = new ProgressLine(output, step.name());
            }
        }
        if (bar != null) {
            bar.show(entry.rowsDone(), entry.rowsTotal());
        } else if (System.nanoTime() - saidNanos > PLAIN_INTERVAL_NANOS) {
            saidNanos = System.nanoTime();
            output.line(plain(what, entry, Duration.ofNanos(saidNanos - startedNanos)));
        }
    }

    static String plain(String what, JournalEntry entry, Duration spent) {
        long rate = ProgressLine.rate(entry.rowsDone(), spent);
        return what + ": " + entry.rowsDone() + " of about " + entry.rowsTotal() + " rows, " + rate + " rows/s, "
                + ProgressLine.left(entry.rowsTotal() - entry.rowsDone(), rate) + " left";
    }

    @Override
    public synchronized void stepDone(String migration, JournalEntry.State phase, Step step, Duration took) {
        closeBar();
        output.verbose("done: " + migration + " (" + step.name() + ") in " + took.toMillis() + " ms");
    }

    @Override
    public synchronized void stepFailed(String migration, JournalEntry.State phase, Step step, Throwable failure) {
        closeBar();
    }

    @Override
    public synchronized void lockWait(String migration, Step step, String blockers) {
        closeBar();
        output.line("waiting for a lock held by others: " + blockers);
    }

    @Override
    public synchronized void waiting(LeaseView view) {
        String now = view.holder() + "/" + view.epoch() + (view.note() == null ? "" : ": " + view.note());
        if (!now.equals(leader)) {
            leader = now;
            output.line("waiting for " + view.holder() + ", which leads"
                    + (view.note() == null ? "" : " (" + view.note() + ")"));
        }
    }

    @Override
    public synchronized void gateMoved(Gate from, Gate to) {
        closeBar();
        output.verbose("state: " + from + " -> " + to);
    }

    @Override
    public synchronized void finding(Finding finding) {
        closeBar();
        if (!finding.blocks()) {
            output.warn(finding.title() + ": " + String.join("; ", finding.rows()));
        }
    }

    /** The work is to end: no bar from now on. */
    synchronized void stopping(String text) {
        closeBar();
        bars = false;
        output.line(text);
    }

    private void closeBar() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
        barOf = "";
    }
}
