package io.drawbridge.admin;

import io.drawbridge.core.declarative.Changes;
import io.drawbridge.core.declarative.DeclarativeStore;
import io.drawbridge.core.declarative.Document;
import io.drawbridge.core.declarative.Yaml;
import io.drawbridge.core.entity.Formats;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The whole configuration as one document. Thread-safe. */
final class ConfigResource {
    private static final String APPLY = "/config/apply";
    private static final int TAGS_MAX = 100;

    private final DeclarativeStore documents;

    ConfigResource(DeclarativeStore documents) {
        this.documents = documents;
    }

    /** Whether a document may be sent there, so that a body may be YAML. */
    static boolean takesYaml(String path) {
        String plain = path != null && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return APPLY.equals(plain) || DocumentResource.PATH.equals(plain);
    }

    void routes(RouteTable table) {
        table.at(APPLY).post(this::apply).large();
    }

    private Future<Reply> apply(AdminRequest request) {
        boolean dryRun = request.flag("dry_run");
        return documents
                .apply(document(request.body()), tags(request.query().get("tags")), dryRun)
                .map(changes -> Reply.json(200, report(changes, dryRun)));
    }

    /** A form has the whole document as one text. */
    private static Document document(AdminRequest.Body body) {
        if (body.document() != null) {
            return body.document();
        }
        if (body.untyped() && body.values().get("config") instanceof String text) {
            return Document.of(Yaml.parse(text));
        }
        if (body.values().isEmpty()) {
            throw new AdminException(Reply.message(400, "expected a declarative configuration"));
        }
        return Document.of(body.values());
    }

    private static List<String> tags(String given) {
        if (given == null) {
            return List.of();
        }
        List<String> tags = List.of(given.split(",", -1));
        for (String tag : tags) {
            String wrong = tags.size() > TAGS_MAX ? "at most " + TAGS_MAX : tag.isEmpty() ? "empty" : Formats.tag(tag);
            if (wrong != null) {
                throw Problem.invalidOption("tags", wrong);
            }
        }
        return tags;
    }

    private static Map<String, Object> report(Changes changes, boolean dryRun) {
        Map<String, Object> byType = new LinkedHashMap<>();
        changes.byType().forEach((type, ids) -> {
            Map<String, Object> lists = new LinkedHashMap<>();
            lists.put("created", ids.created().listed());
            lists.put("updated", ids.updated().listed());
            lists.put("deleted", ids.deleted().listed());
            lists.put("unchanged", ids.unchanged().listed());
            byType.put(type, lists);
        });
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("created", count(changes, Changes.OfType::created));
        summary.put("updated", count(changes, Changes.OfType::updated));
        summary.put("deleted", count(changes, Changes.OfType::deleted));
        summary.put("unchanged", count(changes, Changes.OfType::unchanged));
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("dry_run", dryRun);
        report.put("summary", summary);
        report.put("entities", byType);
        Map<String, Object> ignored = new LinkedHashMap<>();
        changes.ignored().forEach((type, ids) -> ignored.put(type, ids.listed()));
        report.put("ignored", ignored);
        report.put("skipped", changes.skipped());
        return report;
    }

    private static int count(Changes changes, Function<Changes.OfType, Changes.Ids> which) {
        return changes.byType().values().stream()
                .mapToInt(each -> which.apply(each).count())
                .sum();
    }
}
