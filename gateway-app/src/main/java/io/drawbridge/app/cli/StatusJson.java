package io.drawbridge.app.cli;

import io.drawbridge.app.Product;
import io.drawbridge.migration.AuditEntry;
import io.drawbridge.migration.Finding;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.LeaseView;
import io.drawbridge.migration.Member;
import io.drawbridge.migration.MigrationBackend.Blocker;
import io.drawbridge.migration.MigrationStatus;
import io.drawbridge.migration.Plan;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.Request;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The answers of the command line as JSON: Kong 3's keys, then ours. A key is absent when there is nothing to say. */
final class StatusJson {
    private StatusJson() {}

    static JsonObject of(MigrationStatus status, List<AuditEntry> audit) {
        JsonObject json = new JsonObject().put("needs_bootstrap", !status.bootstrapped());
        units(json, "executed_migrations", status.executed());
        units(json, "pending_migrations", status.bootstrapped() ? status.pending() : Map.of());
        units(json, "new_migrations", status.fresh());
        units(json, "missing_migrations", status.unknown());
        json.put("database", status.database());
        json.put("database_kind", lower(status.kind()));
        json.put("version", Product.version());
        json.put("node_release", status.release().toString());
        gate(json, status.gate(), status.release());
        json.put("hops", array(status.hops(), Release::toString));
        lease(json, status.lease());
        if (status.request() != null) {
            json.put("request", request(status.request()));
        }
        list(json, "running", status.running(), StatusJson::entry);
        list(json, "members", status.members(), StatusJson::member);
        list(json, "blockers", status.blockers(), StatusJson::blocker);
        list(json, "in_the_way", status.inTheWay(), relation -> relation);
        list(json, "findings", status.findings(), StatusJson::finding);
        list(json, "audit", audit, StatusJson::audit);
        return json;
    }

    static JsonObject plan(Plan plan) {
        JsonObject json = new JsonObject().put("to", plan.to().toString());
        if (plan.from() != null) {
            json.put("from", plan.from().toString());
        }
        return json.put(
                "steps",
                array(
                        plan.steps(),
                        step -> new JsonObject()
                                .put("migration", step.migration())
                                .put("phase", step.phase())
                                .put("step", step.step())
                                .put("lock", step.describe())
                                .put("rows", step.rows() < 0 ? null : step.rows())));
    }

    static JsonObject finding(Finding finding) {
        return new JsonObject()
                .put("check", finding.check())
                .put("severity", lower(finding.severity()))
                .put("title", finding.title())
                .put("hint", finding.hint())
                .put("rows", array(finding.rows(), row -> row));
    }

    private static void gate(JsonObject json, Gate gate, Release release) {
        if (gate == null) {
            json.put("state", "EMPTY");
            return;
        }
        json.put("state", gate.state().name());
        json.put("gate_seq", gate.seq());
        json.put("writes", gate.refusal(release).isEmpty() ? "open" : "closed");
        json.put("foreign_writes", gate.foreignWrites() ? "on" : "off");
        put(json, "active_release", gate.active());
        put(json, "target_release", gate.target());
        put(json, "held_release", gate.held());
    }

    private static void put(JsonObject json, String key, Release release) {
        if (release != null) {
            json.put(key, release.toString());
        }
    }

    private static void lease(JsonObject json, LeaseView lease) {
        if (lease != null) {
            json.put(
                    "lease",
                    new JsonObject()
                            .put("holder", lease.expired() ? null : lease.holder())
                            .put("last_holder", lease.holder())
                            .put("epoch", lease.epoch())
                            .put("beat", lease.beat())
                            .put("expired", lease.expired())
                            .put("note", lease.note()));
        }
    }

    private static JsonObject request(Request request) {
        return new JsonObject()
                .put("id", request.id())
                .put("kind", lower(request.kind()))
                .put("state", lower(request.state()))
                .put("target_release", request.target().toString())
                .put("by", request.by())
                .put("reason", request.reason());
    }

    private static JsonObject entry(JournalEntry entry) {
        return new JsonObject()
                .put("migration", entry.id())
                .put("state", entry.state().name())
                .put("steps_done", entry.stepsDone())
                .put("rows_done", entry.rowsDone())
                .put("rows_total", entry.rowsTotal())
                .put("failure", entry.failure());
    }

    private static JsonObject member(Member member) {
        return new JsonObject()
                .put("id", member.id())
                .put("release", member.release().toString())
                .put("role", member.role())
                .put("admin_url", member.adminUrl())
                .put("silent_ms", member.silent().toMillis());
    }

    private static JsonObject blocker(Blocker blocker) {
        return new JsonObject()
                .put("kind", blocker.kind())
                .put("name", blocker.name())
                .put("warning", blocker.warning());
    }

    private static JsonObject audit(AuditEntry entry) {
        return new JsonObject()
                .put("seq", entry.seq())
                .put("at", entry.at().toString())
                .put("by", entry.by())
                .put("release", entry.release() == null ? null : entry.release().toString())
                .put("epoch", entry.epoch())
                .put("from", entry.from())
                .put("to", entry.to())
                .put("reason", entry.reason());
    }

    private static void units(JsonObject json, String key, Map<String, List<String>> bySubsystem) {
        if (!bySubsystem.isEmpty()) {
            JsonArray units = new JsonArray();
            bySubsystem.forEach((subsystem, names) -> units.add(new JsonObject()
                    .put("subsystem", subsystem)
                    .put("namespace", "drawbridge." + subsystem)
                    .put("migrations", array(names, name -> name))));
            json.put(key, units);
        }
    }

    private static <T> void list(JsonObject json, String key, Collection<T> items, Function<T, Object> form) {
        if (!items.isEmpty()) {
            json.put(key, array(items, form));
        }
    }

    private static <T> JsonArray array(Collection<T> items, Function<T, ?> form) {
        JsonArray array = new JsonArray();
        items.forEach(item -> array.add(form.apply(item)));
        return array;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT);
    }
}
