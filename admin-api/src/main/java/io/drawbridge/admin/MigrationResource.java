package io.drawbridge.admin;

import io.drawbridge.migration.AbortOptions;
import io.drawbridge.migration.FinishOptions;
import io.drawbridge.migration.Futures;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Outcome;
import io.drawbridge.migration.Request;
import io.drawbridge.migration.UpOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cluster's migrations over HTTP. Thread-safe. */
final class MigrationResource {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationResource.class);
    private static final int AUDIT_ROWS = 50;
    private static final int REASON_CHARS_MAX = 1000;
    private static final Set<String> SETTINGS = Set.of("force", "reason", "wait", "keep_foreign_writers", "by");
    private static final Set<String> UP_FORCE = Set.of("true", "false");
    private static final Set<String> FINISH_FORCE = Set.of("old-nodes", "data-planes", "foreign");
    private static final Set<String> ABORT_FORCE = Set.of("new-nodes");

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final Vertx vertx;
    private final Migrator<?> migrator;
    private final Cluster cluster;
    private final Duration memberAlive;
    private final AtomicReference<Future<Outcome>> running = new AtomicReference<>();

    /** @param memberAlive how long a member may be silent and still count */
    MigrationResource(Vertx vertx, Migrator<?> migrator, Cluster cluster, Duration memberAlive) {
        this.vertx = vertx;
        this.migrator = migrator;
        this.cluster = cluster;
        this.memberAlive = memberAlive;
    }

    /** The same URLs at a node that has nothing to migrate. */
    static void refused(RouteTable table) {
        RouteTable.Handler refused = request -> Future.succeededFuture(
                Reply.message(400, "this endpoint is only available when this node is configured to use a database"));
        table.at("/migrations").get(refused);
        for (String action : List.of("up", "finish", "abort")) {
            table.at("/migrations/" + action).post(refused);
        }
        table.at("/cluster/members").get(refused);
    }

    void routes(RouteTable table) {
        table.at("/migrations")
                .get(request -> migrator.status()
                        .compose(status -> migrator.audit(AUDIT_ROWS)
                                .otherwise(List.of())
                                .map(audit -> Reply.json(200, MigrationJson.status(status, audit)))));
        table.at("/migrations/up").post(this::up);
        table.at("/migrations/finish").post(this::finish);
        table.at("/migrations/abort").post(this::abort);
        table.at("/cluster/members")
                .get(request -> cluster.members().get().map(members -> {
                    Map<String, Object> body = new LinkedHashMap<>();
                    body.put("data", members.stream().map(MigrationJson::member).toList());
                    body.put("next", null);
                    return Reply.json(200, body);
                }));
    }

    /*
     * An up has no request row: this node begins it, and from then on every node of its release carries it on. So 202 is
     * not said before it has begun. A second call while it runs joins it.
     */
    private Future<Reply> up(AdminRequest request) {
        Settings settings = settings(request, UP_FORCE);
        Future<Outcome> before = running.get();
        Future<Outcome> work =
                before != null && !before.isComplete() ? before : migrator.up(new UpOptions(settings.forced(), null));
        running.set(work);
        work.onFailure(failure -> LOG.warn("up asked over HTTP failed reason={}", failure.getMessage()));
        return settings.waits()
                ? work.map(outcome -> Reply.json(200, MigrationJson.outcome(outcome)))
                : begun(work)
                        .map(begun -> Reply.json(
                                202,
                                Map.of(
                                        "message",
                                        "up is under way; see /migrations",
                                        "release",
                                        cluster.release().toString())));
    }

    private Future<Boolean> begun(Future<Outcome> work) {
        return Futures.<Boolean>loop(
                vertx,
                () -> work.isComplete()
                        ? work.map(Boolean.TRUE)
                        : migrator.status()
                                .map(status -> status.gate() != null
                                        && cluster.release()
                                                .equals(status.gate().target()))
                                .otherwise(Boolean.FALSE)
                                .compose(begun -> begun
                                        ? Future.succeededFuture(Boolean.TRUE)
                                        : Futures.pause(vertx, LOOK_AGAIN).<Boolean>mapEmpty()));
    }

    private Future<Reply> finish(AdminRequest request) {
        Settings settings = settings(request, FINISH_FORCE);
        if (!settings.force().isEmpty() && settings.reason().isBlank()) {
            return Future.succeededFuture(Reply.message(400, "force needs a reason, for the audit"));
        }
        boolean keep = request.flag("keep_foreign_writers");
        return settings.waits()
                ? migrator.finish(new FinishOptions(settings.force(), keep, false, settings.by(), settings.reason()))
                        .map(outcome -> Reply.json(200, MigrationJson.outcome(outcome)))
                : migrator.ask(Request.Kind.FINISH, settings.force(), keep, settings.by(), settings.reason())
                        .map(asked -> Reply.json(202, Map.of("request", MigrationJson.request(asked))));
    }

    private Future<Reply> abort(AdminRequest request) {
        Settings settings = settings(request, ABORT_FORCE);
        return settings.waits()
                ? migrator.abort(new AbortOptions(settings.force(), settings.by(), settings.reason()))
                        .map(outcome -> Reply.json(200, MigrationJson.outcome(outcome)))
                : unblocked(settings)
                        .compose(clear -> migrator.ask(
                                Request.Kind.ABORT, settings.force(), false, settings.by(), settings.reason()))
                        .map(asked -> Reply.json(202, Map.of("request", MigrationJson.request(asked))));
    }

    /* An abort is done by a node of the new release, and blocked by every such node that lives: it need not be asked. */
    private Future<Void> unblocked(Settings settings) {
        if (!settings.force().isEmpty()) {
            return Future.succeededFuture();
        }
        return migrator.status().compose(status -> {
            Gate gate = status.gate();
            List<String> blockers = gate == null || !gate.upgrading()
                    ? List.of()
                    : status.members().stream()
                            .filter(member -> !member.release().isOlderThan(gate.target())
                                    && member.silent().compareTo(memberAlive) <= 0)
                            .map(member -> "node " + member.id() + " runs release " + member.release())
                            .toList();
            return blockers.isEmpty()
                    ? Future.succeededFuture()
                    : Future.failedFuture(new MigrationException(
                            MigrationError.BLOCKED,
                            "abort is blocked; nobody was paused: stop the nodes of release " + gate.target()
                                    + " first, or force new-nodes",
                            blockers));
        });
    }

    /** How an action is asked. Immutable. */
    private record Settings(String force, String reason, String by, boolean waits) {
        boolean forced() {
            return !force.isEmpty() && !force.equals("false");
        }
    }

    /** @param allowed what {@code force} may list */
    private static Settings settings(AdminRequest request, Set<String> allowed) {
        request.body().values().keySet().stream()
                .filter(name -> !SETTINGS.contains(name))
                .findFirst()
                .ifPresent(unknown -> {
                    throw new AdminException(Reply.message(400, "unknown setting '" + unknown + "'"));
                });
        String force = or(request.setting("force"), "");
        String reason = or(request.setting("reason"), "");
        if (reason.length() > REASON_CHARS_MAX || reason.indexOf('\0') >= 0) {
            throw new AdminException(
                    Reply.message(400, "reason must be text of at most " + REASON_CHARS_MAX + " characters"));
        }
        for (String kind : force.isEmpty() ? List.<String>of() : List.of(force.split(",", -1))) {
            if (!allowed.contains(kind.strip())) {
                throw new AdminException(
                        Reply.message(400, "force must be of: " + String.join(", ", new TreeSet<>(allowed))));
            }
        }
        return new Settings(
                force.equals("false") ? "" : force, reason, "http " + request.remote(), request.flag("wait"));
    }

    private static String or(String text, String other) {
        return text == null || text.equals("null") ? other : text;
    }
}
