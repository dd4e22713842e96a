package io.drawbridge.admin;

import io.drawbridge.core.entity.Formats;
import io.drawbridge.core.entity.Violations;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.Tagged;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Every tag of every entity, to read. Thread-safe. */
final class TagResource {
    private final EntityStore store;

    TagResource(EntityStore store) {
        this.store = store;
    }

    void routes(RouteTable table) {
        RouteTable.Handler refused = request -> Future.failedFuture(Problem.schemaViolation(
                Violations.of("tags", "does not support insert/upsert/update/delete operations")));
        table.at("/tags").get(request -> list(request, null, "/tags")).post(refused);
        table.at("/tags/{tags}")
                .get(request -> {
                    String tag = request.parameter(0);
                    String wrong = Formats.tag(tag);
                    return wrong != null
                            ? Future.failedFuture(Problem.invalidUnique("tag", wrong))
                            : list(request, tag, "/tags/" + Percent.encode(tag));
                })
                .put(refused)
                .patch(refused)
                .delete(refused);
    }

    private Future<Reply> list(AdminRequest request, String tag, String path) {
        int size = ListArguments.size(request.query().get("size"));
        Tagged after = after(request.query().get("offset"));
        return store.tags(tag, after, size).map(page -> {
            List<Map<String, Object>> data =
                    page.tags().stream().map(TagResource::document).toList();
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("data", data);
            if (page.more()) {
                String offset = offset(page.tags().get(data.size() - 1));
                body.put("next", path + "?offset=" + Percent.encode(offset));
                body.put("offset", offset);
            } else {
                body.put("next", null);
            }
            return Reply.json(200, body);
        });
    }

    private static Map<String, Object> document(Tagged tagged) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("entity_name", tagged.type());
        document.put("entity_id", tagged.id().toString());
        document.put("tag", tagged.tag());
        return document;
    }

    private static String offset(Tagged last) {
        String text = new JsonArray().add(last.id().toString()).add(last.tag()).encode();
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Tagged after(String offset) {
        if (offset == null) {
            return null;
        }
        JsonArray parts = ListArguments.position(offset);
        try {
            return new Tagged("", UUID.fromString(parts.getString(0)), parts.getString(1));
        } catch (RuntimeException wrong) {
            throw Problem.invalidOffset(offset, "json");
        }
    }
}
