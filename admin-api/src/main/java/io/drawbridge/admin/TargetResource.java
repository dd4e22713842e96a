package io.drawbridge.admin;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.TargetAddress;
import io.drawbridge.core.store.EntityAccess;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.migration.Futures;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Targets exist under their upstream only, where one is named by id or by {@code host:port}; a list has the newest first.
 * Thread-safe.
 */
final class TargetResource {
    private static final String UPSTREAM = "upstream";
    /* Sorting happens here, so there is a bound: of more targets the rest is not shown in this order. */
    private static final List<Integer> PAGES = IntStream.range(0, 20).boxed().toList();
    private static final Comparator<Entity> NEWEST_FIRST = Comparator.comparingDouble(
                    (Entity target) -> ((Number) target.get("created_at")).doubleValue())
            .reversed()
            .thenComparing(target -> target.id().toString());
    private static final String BELOW = "/upstreams/{upstreams}/targets";

    private final EntityStore store;
    private final Inputs inputs;
    private final EntityType upstreams;
    private final EntityType targets;
    private final TargetHealth health = new TargetHealth();
    private final String node;

    /** @param node this node's id */
    TargetResource(EntityTypes types, EntityStore store, Inputs inputs, String node) {
        this.store = store;
        this.inputs = inputs;
        this.node = node;
        this.upstreams = types.get("upstreams");
        this.targets = types.get("targets");
    }

    void routes(RouteTable table) {
        table.at(BELOW).ofMany(targets).get(this::list).post(this::insert);
        table.at(BELOW + "/all").ofMany(targets).get(this::page);
        table.at(BELOW + "/{targets}")
                .of(targets)
                .get(request -> parent(request)
                        .compose(owner -> find(store, owner, request.parameter(1)))
                        .map(target -> weight(target) == 0 ? Reply.notFound() : Reply.json(200, target.values())))
                .put(this::update)
                .patch(this::update)
                .delete(request -> parent(request)
                        .compose(owner -> store.transact(access -> find(access, owner, request.parameter(1))
                                .compose(found -> access.delete(targets, EntityKey.of(found.id()), owner))))
                        .map(gone -> Reply.empty(204)));
        table.at("/upstreams/{upstreams}/health").get(this::health);
        for (TargetHealth.State state : TargetHealth.State.values()) {
            flips(table, BELOW + "/{targets}/" + state.word(), state, 1);
            flips(table, BELOW + "/{targets}/{address}/" + state.word(), state, 2);
        }
    }

    /* POST up to 2.8, PUT since 3.0: both do. */
    private void flips(RouteTable table, String pattern, TargetHealth.State state, int address) {
        /* Nothing is stored, but a node whose gate is closed must not steer traffic either. */
        RouteTable.Handler flip = request -> upstream(request)
                .compose(upstream -> store.transact(access -> find(access, owner(upstream), request.parameter(1)))
                        .map(target -> {
                            if (!TargetHealth.watched(upstream)) {
                                return Reply.message(400, "no healthchecker found for " + upstream.get("name"));
                            }
                            health.set(target.id(), address == 1 ? null : request.parameter(2), state);
                            return Reply.empty(204);
                        }));
        table.at(pattern).post(flip).put(flip);
    }

    private Future<Entity> upstream(AdminRequest request) {
        return store.get(upstreams, Inputs.key(upstreams, request.parameter(0)))
                .map(found -> found.orElseThrow(StoreException::notFound));
    }

    private Future<PageRequest.Parent> parent(AdminRequest request) {
        return upstream(request).map(TargetResource::owner);
    }

    private static PageRequest.Parent owner(Entity upstream) {
        return new PageRequest.Parent(UPSTREAM, upstream.id());
    }

    private Future<Entity> find(EntityAccess access, PageRequest.Parent owner, String segment) {
        return lookUp(access, owner, segment).map(found -> found.orElseThrow(StoreException::notFound));
    }

    private Future<Optional<Entity>> lookUp(EntityAccess access, PageRequest.Parent owner, String segment) {
        EntityKey key = EntityKey.parse(segment);
        if (key.id() != null) {
            return access.get(targets, key)
                    .map(found -> found.filter(target -> owner.id().equals(target.reference(UPSTREAM))));
        }
        return TargetAddress.check(segment) != null
                ? Future.succeededFuture(Optional.empty())
                : access.page(targets, PageRequest.first(1).of(owner).with("target", TargetAddress.normal(segment)))
                        .map(page -> page.entities().stream().findFirst());
    }

    private Future<Reply> list(AdminRequest request) {
        int size = ListArguments.size(request.query().get("size"));
        int from = from(request.query().get("offset"));
        /* Judged, as below every parent, but does not select. */
        ListArguments.tags(request.query().get("tags"));
        return parent(request).compose(this::all).map(all -> {
            int end = Math.min(all.size(), from + size);
            List<Map<String, Object>> data = from >= end
                    ? List.of()
                    : all.subList(from, end).stream().map(Entity::values).toList();
            String next = end < all.size()
                    ? Base64.getEncoder()
                            .encodeToString(new JsonArray().add(end).encode().getBytes(StandardCharsets.UTF_8))
                    : null;
            return Reply.json(200, ListArguments.listed(data, next, request, path(request)));
        });
    }

    private static String path(AdminRequest request) {
        return "/upstreams/" + Percent.encode(request.parameter(0)) + "/targets";
    }

    private Future<Reply> page(AdminRequest request) {
        return parent(request)
                .compose(owner -> store.page(targets, ListArguments.read(request, true, owner)))
                .map(page -> Reply.json(
                        200,
                        ListArguments.listed(
                                page.entities().stream().map(Entity::values).toList(),
                                page.next(),
                                request,
                                path(request) + "/all")));
    }

    private static int from(String offset) {
        if (offset == null) {
            return 0;
        }
        JsonArray parts = ListArguments.position(offset);
        try {
            return Math.max(0, parts.getInteger(0));
        } catch (RuntimeException wrong) {
            throw Problem.invalidOffset(offset, "json");
        }
    }

    /** Newest first. */
    private Future<List<Entity>> all(PageRequest.Parent owner) {
        List<Entity> all = new ArrayList<>();
        UUID[] after = new UUID[1];
        boolean[] complete = new boolean[1];
        return Futures.forEach(
                        PAGES,
                        number -> complete[0]
                                ? Future.succeededFuture()
                                : store.page(targets, new PageRequest(PageRequest.SIZE_MAX, after[0], null, owner))
                                        .map(page -> {
                                            all.addAll(page.entities());
                                            after[0] = page.next();
                                            complete[0] = page.next() == null;
                                            return null;
                                        }))
                .map(read -> {
                    all.sort(NEWEST_FIRST);
                    return all;
                });
    }

    private Future<Reply> health(AdminRequest request) {
        return upstream(request)
                .compose(upstream -> all(owner(upstream)).map(all -> {
                    Map<String, Object> body = new LinkedHashMap<>();
                    body.put(
                            "data",
                            request.flag("balancer_health")
                                    ? health.balancer(upstream, all)
                                    : all.stream()
                                            .map(target -> health.document(upstream, target))
                                            .toList());
                    body.put("next", null);
                    body.put("node_id", node);
                    return Reply.json(200, body);
                }));
    }

    private Future<Reply> insert(AdminRequest request) {
        return parent(request)
                .compose(owner -> inputs.read(
                                targets,
                                request,
                                Map.of(UPSTREAM, Map.of("id", owner.id().toString())))
                        .map(input -> inputs.create(targets, input))
                        .compose(target -> store.transact(access -> lookUp(access, owner, (String) target.get("target"))
                                .compose(known -> known.isEmpty()
                                        ? access.insert(target).map(made -> Reply.json(201, made.values()))
                                        : access.upsert(
                                                        target.with(
                                                                "id",
                                                                known.get().get("id")),
                                                        EntityKey.of(known.get().id()))
                                                .map(made -> Reply.json(200, made.values())
                                                        .with("Deprecation", "true"))))));
    }

    private Future<Reply> update(AdminRequest request) {
        return parent(request)
                .compose(owner -> inputs.read(targets, request, Map.of())
                        .compose(input -> store.transact(access -> find(access, owner, request.parameter(1))
                                .compose(found -> access.update(
                                        targets, EntityKey.of(found.id()), before -> inputs.change(before, input))))))
                .map(changed -> Reply.json(200, changed.values()));
    }

    private static long weight(Entity target) {
        return target.get("weight") instanceof Long weight ? weight : 0;
    }
}
