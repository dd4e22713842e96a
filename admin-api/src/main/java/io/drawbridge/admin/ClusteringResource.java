package io.drawbridge.admin;

import io.drawbridge.core.store.DataPlaneRow;
import io.drawbridge.core.store.DataPlaneTable;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The data planes of a control plane, to read: Kong's fields, and under {@code link} what is our own. Thread-safe. */
final class ClusteringResource {
    private final DataPlanes planes;

    ClusteringResource(DataPlanes planes) {
        this.planes = planes;
    }

    void routes(RouteTable table) {
        table.at("/clustering/data-planes").get(this::list);
        table.at("/clustering/status").get(request -> status());
    }

    /** Of a node that is no control plane. */
    static void refused(RouteTable table) {
        for (String path : List.of("/clustering/data-planes", "/clustering/status")) {
            table.at(path)
                    .get(request -> Future.succeededFuture(Reply.message(
                            400,
                            "this endpoint is only available when Kong is configured to run as Control Plane for the"
                                    + " cluster")));
        }
    }

    private Future<Reply> list(AdminRequest request) {
        int size = ListArguments.size(request.query().get("size"));
        UUID after = ListArguments.after(request.query().get("offset"));
        return planes.table()
                .page(after, Math.min(size, DataPlaneTable.ROWS_MAX))
                .compose(rows -> planes.details().get().map(details -> {
                    List<Map<String, Object>> data = new ArrayList<>();
                    rows.forEach(row -> data.add(document(row, details.get(row.id()))));
                    UUID next = rows.size() == size ? rows.get(rows.size() - 1).id() : null;
                    return Reply.json(200, ListArguments.listed(data, next, request, "/clustering/data-planes"));
                }));
    }

    private Future<Reply> status() {
        return planes.table().page(null, DataPlaneTable.ROWS_MAX).map(rows -> {
            Map<String, Object> body = new LinkedHashMap<>();
            rows.forEach(row -> {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("config_hash", row.hash());
                one.put("hostname", row.hostname());
                one.put("ip", row.ip());
                one.put("last_seen", row.lastSeen());
                body.put(row.id().toString(), one);
            });
            return Reply.json(200, body).with("Deprecation", "true");
        });
    }

    private static Map<String, Object> document(DataPlaneRow row, JsonObject details) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", row.id().toString());
        document.put("hostname", row.hostname());
        document.put("ip", row.ip());
        document.put("version", row.version());
        document.put("config_hash", row.hash());
        document.put("sync_status", row.status());
        document.put("last_seen", row.lastSeen());
        document.put("ttl", row.ttl());
        document.put("link", details == null ? null : details.getMap());
        return document;
    }
}
