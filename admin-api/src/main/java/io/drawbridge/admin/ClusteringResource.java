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
    /* Seconds since 1970. In a header, because clients take the bodies for lists of data planes and nothing else. */
    private static final String STALE_SINCE = "X-Gateway-Config-Stale-Since";

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
        return page(after, Math.min(size, DataPlaneTable.ROWS_MAX))
                .compose(rows -> planes.details().get().map(details -> {
                    List<Map<String, Object>> data = new ArrayList<>();
                    rows.forEach(row -> data.add(document(row, details.get(row.id()))));
                    UUID next = rows.size() == size ? rows.get(rows.size() - 1).id() : null;
                    return marked(
                            Reply.json(200, ListArguments.listed(data, next, request, "/clustering/data-planes")));
                }));
    }

    /* Without the database, those that are connected here. */
    private Future<List<DataPlaneRow>> page(UUID after, int size) {
        return planes.table()
                .page(after, size)
                .recover(down -> planes.connected()
                        .get()
                        .map(rows -> rows.stream()
                                .filter(row -> after == null || row.id().compareTo(after) > 0)
                                .limit(size)
                                .toList()));
    }

    private Reply marked(Reply reply) {
        return planes.staleSince()
                .get()
                .map(since -> reply.with(STALE_SINCE, String.valueOf(since.getEpochSecond())))
                .orElse(reply);
    }

    private Future<Reply> status() {
        return page(null, DataPlaneTable.ROWS_MAX).map(rows -> {
            Map<String, Object> body = new LinkedHashMap<>();
            rows.forEach(row -> {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("config_hash", row.hash());
                one.put("hostname", row.hostname());
                one.put("ip", row.ip());
                one.put("last_seen", row.lastSeen());
                body.put(row.id().toString(), one);
            });
            return marked(Reply.json(200, body).with("Deprecation", "true"));
        });
    }

    private Map<String, Object> link(JsonObject details) {
        planes.staleSince().get().ifPresent(since -> details.put("stale_since", since.getEpochSecond()));
        return details.getMap();
    }

    private Map<String, Object> document(DataPlaneRow row, JsonObject details) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", row.id().toString());
        document.put("hostname", row.hostname());
        document.put("ip", row.ip());
        document.put("version", row.version());
        document.put("config_hash", row.hash());
        document.put("sync_status", row.status());
        document.put("last_seen", row.lastSeen());
        document.put("ttl", row.ttl());
        document.put("link", details == null ? null : link(details));
        return document;
    }
}
