package io.drawbridge.admin;

import io.drawbridge.migration.AuditEntry;
import io.drawbridge.migration.Finding;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.LeaseView;
import io.drawbridge.migration.Member;
import io.drawbridge.migration.MigrationStatus;
import io.drawbridge.migration.Outcome;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The engine's records as JSON. */
final class MigrationJson {
    private MigrationJson() {}

    static Map<String, Object> status(MigrationStatus status, List<AuditEntry> audit) {
        Gate gate = status.gate();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("database", status.database());
        json.put("kind", status.kind().name());
        json.put("state", gate == null ? Gate.State.EMPTY.name() : gate.state().name());
        json.put("active_release", gate == null ? null : text(gate.active()));
        json.put("target_release", gate == null ? null : text(gate.target()));
        json.put("held_release", gate == null ? null : text(gate.held()));
        json.put("node_release", text(status.release()));
        json.put("write_gate", gate != null && gate.refusal(status.release()).isEmpty() ? "open" : "closed");
        json.put(
                "write_refusal",
                gate == null ? null : gate.refusal(status.release()).orElse(null));
        json.put(
                "cut_off",
                gate == null ? null : Cluster.cutOff(gate, status.release()).orElse(null));
        json.put("gate_seq", gate == null ? null : gate.seq());
        json.put("foreign_writes", gate != null && gate.foreignWrites());
        json.put("lease", lease(status.lease()));
        json.put("request", status.request() == null ? null : request(status.request()));
        Map<String, Object> units = new LinkedHashMap<>();
        units.put("executed", status.executed());
        units.put("pending", status.pending());
        units.put("new", status.fresh());
        units.put("missing", status.unknown());
        json.put("migrations", units);
        json.put(
                "progress",
                status.running().stream().map(MigrationJson::progress).toList());
        json.put("hops", status.hops().stream().map(Release::toString).toList());
        json.put("members", status.members().stream().map(MigrationJson::member).toList());
        json.put(
                "blockers",
                status.blockers().stream()
                        .map(blocker -> {
                            Map<String, Object> each = new LinkedHashMap<>();
                            each.put("kind", blocker.kind());
                            each.put("name", blocker.name());
                            each.put("warning", blocker.warning());
                            return each;
                        })
                        .toList());
        json.put("in_the_way", status.inTheWay());
        json.put(
                "findings",
                status.findings().stream().map(MigrationJson::finding).toList());
        json.put("audit", audit.stream().map(MigrationJson::audit).toList());
        return json;
    }

    static Map<String, Object> outcome(Outcome outcome) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("state", outcome.gate().state().name());
        json.put("active_release", text(outcome.gate().active()));
        json.put("target_release", text(outcome.gate().target()));
        json.put("executed", outcome.executed());
        json.put("pending", outcome.pending());
        json.put("changed", outcome.changed());
        json.put("led_by_other", outcome.ledByOther());
        return json;
    }

    static Map<String, Object> request(Request request) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", request.id());
        json.put("kind", request.kind().name());
        json.put("target_release", text(request.target()));
        json.put("state", request.state().name());
        json.put("force", request.force());
        json.put("reason", request.reason());
        json.put("by", request.by());
        json.put("result", request.result());
        return json;
    }

    static Map<String, Object> member(Member member) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", member.id());
        json.put("incarnation", member.incarnation());
        json.put("release", text(member.release()));
        json.put("role", member.role());
        json.put("admin_url", member.adminUrl());
        json.put("silent_ms", member.silent().toMillis());
        return json;
    }

    private static Map<String, Object> lease(LeaseView lease) {
        if (lease == null) {
            return null;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("holder", lease.expired() ? null : lease.holder());
        json.put("epoch", lease.epoch());
        json.put("remaining_ms", Math.max(0, lease.remaining().toMillis()));
        json.put("note", lease.note());
        return json;
    }

    private static Map<String, Object> progress(JournalEntry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("migration", entry.id());
        json.put("phase", entry.state().name());
        json.put("steps_done", entry.stepsDone());
        json.put("rows_done", entry.rowsDone());
        json.put("rows_total", entry.rowsTotal());
        json.put("failure", entry.failure());
        return json;
    }

    private static Map<String, Object> finding(Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("check", finding.check());
        json.put("severity", finding.severity().name());
        json.put("title", finding.title());
        json.put("hint", finding.hint());
        json.put("rows", finding.rows());
        return json;
    }

    private static Map<String, Object> audit(AuditEntry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("seq", entry.seq());
        json.put("at", entry.at().toString());
        json.put("by", entry.by());
        json.put("release", text(entry.release()));
        json.put("epoch", entry.epoch());
        json.put("from", entry.from());
        json.put("to", entry.to());
        json.put("reason", entry.reason());
        return json;
    }

    private static String text(Release release) {
        return release == null ? null : release.toString();
    }
}
