package io.drawbridge.admin;

import io.drawbridge.migration.AbortOptions;
import io.drawbridge.migration.FinishOptions;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Outcome;
import io.drawbridge.migration.Request;
import io.drawbridge.migration.UpOptions;
import io.vertx.core.Future;
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

    private final Migrator<?> migrator;
    private final Cluster cluster;
    private final AtomicReference<Future<Outcome>> running = new AtomicReference<>();

    MigrationResource(Migrator<?> migrator, Cluster cluster) {
        this.migrator = migrator;
        this.cluster = cluster;
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

    /* An up has no request row: this node does it. A second call while it runs joins it. */
    private Future<Reply> up(AdminRequest request) {
        Settings settings = settings(request, UP_FORCE);
        Future<Outcome> before = running.get();
        Future<Outcome> work =
                before != null && !before.isComplete() ? before : migrator.up(new UpOptions(settings.forced(), null));
        running.set(work);
        work.onFailure(failure -> LOG.warn("up asked over HTTP failed reason={}", failure.getMessage()));
        return settings.waits()
                ? work.map(outcome -> Reply.json(200, MigrationJson.outcome(outcome)))
                : Future.succeededFuture(Reply.json(
                        202,
                        Map.of(
                                "message",
                                "up is under way; see /migrations",
                                "release",
                                cluster.release().toString())));
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
                : migrator.ask(Request.Kind.ABORT, settings.force(), false, settings.by(), settings.reason())
                        .map(asked -> Reply.json(202, Map.of("request", MigrationJson.request(asked))));
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
