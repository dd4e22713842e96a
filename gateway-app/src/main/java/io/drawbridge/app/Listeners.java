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

/** Two listeners as one. */
record Listeners(MigrationListener first, MigrationListener second) implements MigrationListener {
    @Override
    public void leaseTaken(Lease lease) {
        first.leaseTaken(lease);
        second.leaseTaken(lease);
    }

    @Override
    public void leaseRenewed(Lease lease) {
        first.leaseRenewed(lease);
        second.leaseRenewed(lease);
    }

    @Override
    public void leaseLost(Lease lease) {
        first.leaseLost(lease);
        second.leaseLost(lease);
    }

    @Override
    public void leaseReleased(Lease lease) {
        first.leaseReleased(lease);
        second.leaseReleased(lease);
    }

    @Override
    public void waiting(LeaseView leader) {
        first.waiting(leader);
        second.waiting(leader);
    }

    @Override
    public void gateMoved(Gate from, Gate to) {
        first.gateMoved(from, to);
        second.gateMoved(from, to);
    }

    @Override
    public void stepStarted(String migration, JournalEntry.State phase, Step step) {
        first.stepStarted(migration, phase, step);
        second.stepStarted(migration, phase, step);
    }

    @Override
    public void stepProgress(String migration, Step step, JournalEntry entry) {
        first.stepProgress(migration, step, entry);
        second.stepProgress(migration, step, entry);
    }

    @Override
    public void stepDone(String migration, JournalEntry.State phase, Step step, Duration took) {
        first.stepDone(migration, phase, step, took);
        second.stepDone(migration, phase, step, took);
    }

    @Override
    public void stepFailed(String migration, JournalEntry.State phase, Step step, Throwable failure) {
        first.stepFailed(migration, phase, step, failure);
        second.stepFailed(migration, phase, step, failure);
    }

    @Override
    public void migrationMoved(Migration<?> migration, JournalEntry entry) {
        first.migrationMoved(migration, entry);
        second.migrationMoved(migration, entry);
    }

    @Override
    public void lockWait(String migration, Step step, String blockers) {
        first.lockWait(migration, step, blockers);
        second.lockWait(migration, step, blockers);
    }

    @Override
    public void finding(Finding finding) {
        first.finding(finding);
        second.finding(finding);
    }
}
