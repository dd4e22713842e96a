package io.drawbridge.app;

import io.drawbridge.migration.Finding;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.Lease;
import io.drawbridge.migration.LeaseView;
import io.drawbridge.migration.Migration;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.Step;
import java.time.Duration;
import java.util.function.Consumer;

/** Two listeners as one. */
record Listeners(MigrationListener first, MigrationListener second) implements MigrationListener {
    private void tell(Consumer<MigrationListener> what) {
        what.accept(first);
        what.accept(second);
    }

    @Override
    public void leaseTaken(Lease lease) {
        tell(each -> each.leaseTaken(lease));
    }

    @Override
    public void leaseRenewed(Lease lease) {
        tell(each -> each.leaseRenewed(lease));
    }

    @Override
    public void leaseLost(Lease lease) {
        tell(each -> each.leaseLost(lease));
    }

    @Override
    public void leaseReleased(Lease lease) {
        tell(each -> each.leaseReleased(lease));
    }

    @Override
    public void waiting(LeaseView leader) {
        tell(each -> each.waiting(leader));
    }

    @Override
    public void gateMoved(Gate from, Gate to) {
        tell(each -> each.gateMoved(from, to));
    }

    @Override
    public void stepStarted(String migration, JournalEntry.State phase, Step step) {
        tell(each -> each.stepStarted(migration, phase, step));
    }

    @Override
    public void stepProgress(String migration, Step step, JournalEntry entry) {
        tell(each -> each.stepProgress(migration, step, entry));
    }

    @Override
    public void stepDone(String migration, JournalEntry.State phase, Step step, Duration took) {
        tell(each -> each.stepDone(migration, phase, step, took));
    }

    @Override
    public void stepFailed(String migration, JournalEntry.State phase, Step step, Throwable failure) {
        tell(each -> each.stepFailed(migration, phase, step, failure));
    }

    @Override
    public void migrationMoved(Migration<?> migration, JournalEntry entry) {
        tell(each -> each.migrationMoved(migration, entry));
    }

    @Override
    public void lockWait(String migration, Step step, String blockers) {
        tell(each -> each.lockWait(migration, step, blockers));
    }

    @Override
    public void finding(Finding finding) {
        tell(each -> each.finding(finding));
    }
}
