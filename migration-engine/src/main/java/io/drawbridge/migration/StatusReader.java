package io.drawbridge.migration;

import io.drawbridge.migration.JournalEntry.State;
import io.drawbridge.migration.MigrationBackend.Blocker;
import io.drawbridge.migration.Plan.PlannedStep;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Reads what operators ask for, changing nothing. Immutable. */
final class StatusReader<S extends Step> {
    private final MigrationBackend<S> backend;
    private final Catalog<S> catalog;
    private final MigrationPlan<S> plan;
    private final MigrationOptions options;

    StatusReader(MigrationBackend<S> backend, Catalog<S> catalog, MigrationPlan<S> plan, MigrationOptions options) {
        this.backend = backend;
        this.catalog = catalog;
        this.plan = plan;
        this.options = options;
    }

    Future<MigrationStatus> read() {
        return backend.survey().compose(survey -> switch (survey.kind()) {
            case OURS -> ours(survey);
            case ADOPTABLE -> Future.succeededFuture(adoptable(survey));
            case EMPTY, FOREIGN ->
                Future.succeededFuture(status(survey, null, Journal.empty(), null, null, List.of(), List.of()));
        });
    }

    private Future<MigrationStatus> ours(Survey survey) {
        return backend.read()
                .compose(cluster -> backend.members(Duration.ofDays(1))
                        .compose(members -> blockers(cluster.gate(), members)
                                .map(blockers -> status(
                                        survey,
                                        cluster.gate(),
                                        cluster.journal(),
                                        cluster.lease(),
                                        cluster.request().orElse(null),
                                        members,
                                        blockers))));
    }

    private Future<List<Blocker>> blockers(Gate gate, List<Member> members) {
        if (!gate.upgrading()) {
            return Future.succeededFuture(List.of());
        }
        return backend.foreignBlockers().map(foreign -> {
            List<Blocker> all = new ArrayList<>(Blockers.ofFinish(members, members, gate.target(), options.leaseTtl()));
            all.addAll(foreign);
            return List.copyOf(all);
        });
    }

    private MigrationStatus adoptable(Survey survey) {
        Takeover takeover = takeover(survey);
        return status(survey, takeover.gate(), takeover.journal(), null, null, List.of(), List.of());
    }

    private Takeover takeover(Survey survey) {
        return Takeover.of(catalog, survey.executed(), !survey.othersConnected().isEmpty(), options.release(), null);
    }

    private MigrationStatus status(
            Survey survey,
            Gate gate,
            Journal journal,
            LeaseView lease,
            Request request,
            List<Member> members,
            List<Blocker> blockers) {
        Catalog<S> mine = catalog.until(options.release());
        boolean anything = gate != null && gate.active() != null;
        return new MigrationStatus(
                survey.kind(),
                survey.database(),
                options.release(),
                gate,
                lease,
                bySubsystem(mine, journal, state -> state.map(State::converted).orElse(false)),
                bySubsystem(
                        mine,
                        journal,
                        state -> state.map(now -> now == State.EXPANDED || now == State.CONVERTING)
                                .orElse(false)),
                bySubsystem(
                        mine,
                        journal,
                        state -> state.map(now -> now == State.EXPANDING || now == State.UNDOING)
                                .orElse(true)),
                unknown(mine, journal),
                journal.entries().values().stream()
                        .filter(StatusReader::underWay)
                        .toList(),
                request,
                members,
                blockers,
                anything ? plan.path(gate.active()) : List.of(),
                survey.inTheWay(),
                survey.environment());
    }

    private static boolean underWay(JournalEntry entry) {
        return entry.failure() != null
                || entry.cursor() != null
                || switch (entry.state()) {
                    case EXPANDING, CONVERTING, CONTRACTING, UNDOING -> true;
                    case EXPANDED, CONVERTED, CONTRACTED -> false;
                };
    }

    private Map<String, List<String>> bySubsystem(Catalog<S> mine, Journal journal, Predicate<Optional<State>> which) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        for (Migration<S> migration : mine.migrations()) {
            if (which.test(journal.entry(migration.id()).map(JournalEntry::state))) {
                names.computeIfAbsent(migration.subsystem(), first -> new ArrayList<>())
                        .add(migration.name());
            }
        }
        return names;
    }

    private Map<String, List<String>> unknown(Catalog<S> mine, Journal journal) {
        Map<String, List<String>> names = new TreeMap<>();
        for (String id : journal.entries().keySet()) {
            if (mine.find(id).isEmpty()) {
                int slash = id.indexOf('/');
                names.computeIfAbsent(id.substring(0, Math.max(0, slash)), first -> new ArrayList<>())
                        .add(id.substring(slash + 1));
            }
        }
        return names;
    }

    Future<Plan> plan() {
        return backend.survey().compose(survey -> {
            Optional<MigrationException> unfit = unfit(survey);
            if (unfit.isPresent()) {
                return Future.failedFuture(unfit.get());
            }
            return switch (survey.kind()) {
                case FOREIGN -> Future.<Plan>failedFuture(foreignDatabase(survey));
                case EMPTY -> plan(null, Journal.empty());
                case ADOPTABLE -> {
                    Takeover takeover = takeover(survey);
                    yield plan(takeover.gate(), takeover.journal());
                }
                case OURS -> backend.read().compose(cluster -> plan(cluster.gate(), cluster.journal()));
            };
        });
    }

    private Future<Plan> plan(Gate gate, Journal journal) {
        List<PlannedStep> planned = new ArrayList<>();
        Future<Void> all = Future.succeededFuture();
        for (Migration<S> migration : catalog.until(options.release()).migrations()) {
            State state = journal.entry(migration.id()).map(JournalEntry::state).orElse(null);
            if (state == null || state == State.EXPANDING) {
                all = all.compose(done -> steps(planned, migration, "expand", migration.expand()));
            }
            if (state == null || !state.converted()) {
                all = all.compose(done -> steps(planned, migration, "convert", migration.convert()));
            }
            if (state != State.CONTRACTED) {
                all = all.compose(done -> steps(planned, migration, "contract", migration.contract()));
            }
        }
        return all.map(done -> new Plan(gate == null ? null : gate.active(), options.release(), planned));
    }

    private Future<Void> steps(List<PlannedStep> planned, Migration<S> migration, String phase, List<S> steps) {
        return Futures.forEach(
                steps,
                step -> backend.estimate(step).<Void>map(rows -> {
                    planned.add(new PlannedStep(migration.id(), phase, step.name(), step.describe(), rows));
                    return null;
                }));
    }

    /** What in the server or the role keeps every operation from running. */
    static Optional<MigrationException> unfit(Survey survey) {
        return survey.environment().stream()
                .filter(Finding::blocks)
                .findFirst()
                .map(finding -> new MigrationException(
                        finding.check().equals("server-version")
                                ? MigrationError.SERVER_TOO_OLD
                                : MigrationError.PRIVILEGE_MISSING,
                        finding.title() + ": " + finding.hint(),
                        finding.rows()));
    }

    static Finding foreign(Survey survey) {
        return new Finding(
                "foreign-database",
                Check.Severity.BLOCK,
                "the database '" + survey.database() + "' holds relations that are in the way",
                "use an empty database or another schema",
                survey.inTheWay());
    }

    static MigrationException foreignDatabase(Survey survey) {
        return new MigrationException(
                MigrationError.FOREIGN_DATABASE,
                "the database '" + survey.database()
                        + "' holds relations that are in the way; nothing was created: use an empty database or schema",
                survey.inTheWay());
    }
}
