package io.drawbridge.core.store;

import static io.drawbridge.core.store.GatewayDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What every store must do. */
public abstract class EntityStoreContract {
    protected static final Release NODE = GatewayDatabase.NEWEST;
    private static final EntityTypes TYPES = EntityTypes.at(NODE);
    private static final EntityType SERVICES = TYPES.get("services");
    private static final EntityType ROUTES = TYPES.get("routes");
    private static final Validator VALIDATOR = new Validator(InstantSource.system());

    /** An empty store whose gate is open. */
    protected abstract EntityStore store();

    protected abstract void gate(Gate gate);

    protected static Gate steady(Release release) {
        return new Gate(Gate.State.STEADY, release, null, 1, null, false, false, false);
    }

    @Test
    void insert_everyField_comesBackAsGiven() {
        Entity service = await(store().insert(service("full")));
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("name", "every");
        input.put("protocols", List.of("https"));
        input.put("methods", List.of("GET", "POST"));
        input.put("hosts", List.of("a.example.com", "*.example.org"));
        input.put("paths", List.of("/a", "/b(?<c>\\d+)"));
        input.put("headers", Map.of("x-a", List.of("1", "2")));
        input.put("snis", List.of("a.example.com"));
        input.put("regex_priority", 7);
        input.put("tags", List.of("t1", "t2", "ünï"));
        input.put("service", Map.of("id", service.id().toString()));
        Entity route = entity(ROUTES, input);

        assertThat(await(store().insert(route)).values()).isEqualTo(route.values());
        assertThat(await(store().get(ROUTES, EntityKey.of(route.id())))
                        .orElseThrow()
                        .values())
                .isEqualTo(route.values());
        assertThat(await(store().get(ROUTES, EntityKey.named("every")))
                        .orElseThrow()
                        .id())
                .isEqualTo(route.id());
        assertThat(route.reference("service")).isEqualTo(service.id());

        Entity stream = entity(
                ROUTES,
                Map.of(
                        "protocols", List.of("tcp"),
                        "sources", List.of(Map.of("ip", "10.0.0.0/8"), Map.of("port", 80)),
                        "destinations", List.of(Map.of("ip", "::1", "port", 443))));
        assertThat(await(store().insert(stream)).values()).isEqualTo(stream.values());

        Entity tls = entity(
                SERVICES,
                Map.of(
                        "url",
                        "https://example.com/x",
                        "tls_verify",
                        true,
                        "tls_verify_depth",
                        3,
                        "ca_certificates",
                        List.of(UUID.randomUUID().toString())));
        assertThat(await(store().insert(tls)).values()).isEqualTo(tls.values());
    }

    @Test
    void insert_clashes_nameTheField() {
        Entity first = await(store().insert(service("same")));

        StoreException name = refused(() -> store().insert(service("same")));
        assertThat(name.error()).isEqualTo(StoreError.UNIQUE);
        assertThat(name.fields()).containsExactly(Map.entry("name", "same"));

        StoreException id = refused(
                () -> store().insert(service("other").with("id", first.id().toString())));
        assertThat(id.error()).isEqualTo(StoreError.PRIMARY_KEY);
        assertThat(id.fields()).containsExactly(Map.entry("id", first.id().toString()));

        await(store().insert(entity(SERVICES, Map.of("host", "a"))));
        await(store().insert(entity(SERVICES, Map.of("host", "a"))));
    }

    @Test
    void insert_danglingReference_refused() {
        String nobody = UUID.randomUUID().toString();
        StoreException failure = refused(() -> store().insert(route("r", nobody)));
        assertThat(failure.error()).isEqualTo(StoreError.REFERENCE);
        assertThat(failure.fields()).containsExactly(Map.entry("service", Map.of("id", nobody)));
        assertThat(failure.getMessage())
                .isEqualTo(
                        "the foreign key '{id=\"" + nobody + "\"}' does not reference an existing 'services' entity.");
    }

    @Test
    void delete_referenced_refusedAndThere() {
        Entity service = await(store().insert(service("parent")));
        Entity route = await(store().insert(route("child", service.id().toString())));

        StoreException failure = refused(() -> store().delete(SERVICES, EntityKey.named("parent"), null));
        assertThat(failure.error()).isEqualTo(StoreError.REFERENCED);
        assertThat(failure.fields()).containsExactly(Map.entry("@referenced_by", "routes"));
        assertThat(await(store().get(SERVICES, EntityKey.of(service.id())))).isPresent();

        PageRequest.Parent stranger = new PageRequest.Parent("service", UUID.randomUUID());
        assertThat(await(store().delete(ROUTES, EntityKey.of(route.id()), stranger)))
                .isFalse();
        PageRequest.Parent parent = new PageRequest.Parent("service", service.id());
        assertThat(await(store().delete(ROUTES, EntityKey.of(route.id()), parent)))
                .isTrue();
        assertThat(await(store().delete(SERVICES, EntityKey.named("parent"), null)))
                .isTrue();
        assertThat(await(store().delete(SERVICES, EntityKey.named("parent"), null)))
                .isFalse();
    }

    @Test
    void update_changesInPlace_orRefuses() {
        Entity before = await(store().insert(service("u")));
        await(store().insert(service("taken")));

        Entity after = await(store().update(SERVICES, EntityKey.named("u"), old -> old.with("port", 8080L)));
        assertThat(after).isEqualTo(before.with("port", 8080L));
        assertThat(await(store().get(SERVICES, EntityKey.of(before.id())))).contains(after);

        assertThat(refused(() -> store().update(SERVICES, EntityKey.named("u"), old -> old.with("name", "taken")))
                        .error())
                .isEqualTo(StoreError.UNIQUE);
        assertThat(refused(() -> store().update(SERVICES, EntityKey.named("nobody"), old -> old))
                        .error())
                .isEqualTo(StoreError.NOT_FOUND);
        assertThat(refused(() -> store().update(SERVICES, EntityKey.named("u"), old -> {
                            throw StoreException.notFound();
                        }))
                        .error())
                .isEqualTo(StoreError.NOT_FOUND);
        assertThat(await(store().get(SERVICES, EntityKey.of(before.id())))).contains(after);
    }

    @Test
    void upsert_byNameAndById_insertsThenReplaces() {
        Entity first = await(store().upsert(service("put"), EntityKey.named("put")));
        Entity second = await(store().upsert(service("put").with("port", 81L), EntityKey.named("put")));
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.get("port")).isEqualTo(81L);

        Entity byId = await(store().upsert(second.with("name", "renamed"), EntityKey.of(first.id())));
        assertThat(byId.get("name")).isEqualTo("renamed");
        assertThat(await(store().get(SERVICES, EntityKey.named("put")))).isEmpty();

        await(store().insert(service("busy")));
        assertThat(refused(() -> store().upsert(second.with("name", "busy"), EntityKey.of(first.id())))
                        .error())
                .isEqualTo(StoreError.UNIQUE);
    }

    @Test
    void page_walksEverythingOnce_filtered() {
        Entity service = await(store().insert(service("paged").with("tags", List.of("a"))));
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            String parent = i % 2 == 0 ? service.id().toString() : null;
            Entity route = route("r" + i, parent).with("tags", i < 3 ? List.of("a", "b") : i < 5 ? List.of("b") : null);
            ids.add(await(store().insert(route)).id());
        }
        assertThat(walk(null, null))
                .containsExactlyInAnyOrderElementsOf(ids)
                .isSortedAccordingTo((left, right) -> left.toString().compareTo(right.toString()));
        assertThat(walk(new PageRequest.Tags(true, List.of("a", "b")), null)).hasSize(3);
        assertThat(walk(new PageRequest.Tags(false, List.of("a", "b")), null)).hasSize(5);
        assertThat(walk(null, new PageRequest.Parent("service", service.id()))).hasSize(4);
        assertThat(walk(new PageRequest.Tags(true, List.of("a")), new PageRequest.Parent("service", service.id())))
                .hasSize(2);
    }

    @Test
    void everyType_itsLeastInput_comesBackAndGoes() {
        Entity consumer = await(store().insert(entity(TYPES.get("consumers"), Map.of("username", "u"))));
        Entity upstream = await(store().insert(entity(TYPES.get("upstreams"), Map.of("name", "up"))));
        Map<String, Object> owner = Map.of("id", consumer.id().toString());
        Map<String, Map<String, Object>> inputs = Map.of(
                "workspaces", Map.of("name", "other", "comment", "x"),
                "targets", Map.of("upstream", Map.of("id", upstream.id().toString()), "target", "a.example.com"),
                "keyauth_credentials", Map.of("consumer", owner),
                "basicauth_credentials", Map.of("consumer", owner, "username", "u", "password", "p"),
                "acls", Map.of("consumer", owner, "group", "g"),
                "hmacauth_credentials", Map.of("consumer", owner, "username", "u"),
                "jwt_secrets", Map.of("consumer", owner),
                "oauth2_credentials",
                        Map.of("consumer", owner, "name", "app", "redirect_uris", List.of("http://a.example.com/x")));
        inputs.forEach((name, input) -> {
            EntityType type = TYPES.get(name);
            Entity entity = entity(type, input);
            assertThat(await(store().insert(entity)).values()).as(name).isEqualTo(entity.values());
            assertThat(await(store().get(type, EntityKey.of(entity.id())))
                            .orElseThrow()
                            .values())
                    .as(name)
                    .isEqualTo(entity.values());
            assertThat(await(store().upsert(entity, EntityKey.of(entity.id()))).values())
                    .as(name)
                    .isEqualTo(entity.values());
        });
        assertThat(await(store().get(TYPES.get("upstreams"), EntityKey.named("up")))
                        .orElseThrow()
                        .values())
                .isEqualTo(upstream.values());

        await(store().delete(TYPES.get("consumers"), EntityKey.named("u"), null));
        assertThat(await(store().page(TYPES.get("jwt_secrets"), PageRequest.first(10)))
                        .entities())
                .as("credentials go with their consumer")
                .isEmpty();
    }

    @Test
    void together_sameValues_refusedWithAllOfThem() {
        EntityType acls = TYPES.get("acls");
        Entity consumer = await(store().insert(entity(TYPES.get("consumers"), Map.of("username", "grouped"))));
        Map<String, Object> owner = Map.of("id", consumer.id().toString());
        await(store().insert(entity(acls, Map.of("consumer", owner, "group", "g"))));
        await(store().insert(entity(acls, Map.of("consumer", owner, "group", "h"))));

        StoreException failure = refused(() -> store().insert(entity(acls, Map.of("consumer", owner, "group", "g"))));
        assertThat(failure.error()).isEqualTo(StoreError.UNIQUE);
        assertThat(failure)
                .hasMessage("UNIQUE violation detected on '{consumer={id=\"" + consumer.id() + "\"},group=\"g\"}'");
        assertThat(failure.fields()).isEqualTo(Map.of("consumer", owner, "group", "g"));
        assertThat(await(store().page(
                                        acls,
                                        PageRequest.first(10)
                                                .of(new PageRequest.Parent("consumer", consumer.id()))
                                                .with("group", "h")))
                        .entities())
                .hasSize(1);
    }

    @Test
    void transact_allOrNothing() {
        await(store().insert(service("there")));
        StoreException failure = refused(() -> store().transact(access -> access.insert(service("one"))
                .compose(one -> access.update(SERVICES, EntityKey.named("there"), old -> old.with("port", 7L)))
                .compose(two -> access.delete(SERVICES, EntityKey.named("one"), null))
                .compose(three -> access.insert(service("two")))
                .compose(four -> access.insert(service("there")))));
        assertThat(failure.error()).isEqualTo(StoreError.UNIQUE);
        assertThat(await(store().page(SERVICES, PageRequest.first(10))).entities())
                .singleElement()
                .satisfies(only -> assertThat(only.get("port")).isEqualTo(80L));

        Throwable own = catchThrowable(() -> await(store().transact(access ->
                access.insert(service("one")).compose(one -> Future.failedFuture(new IllegalStateException("own"))))));
        assertThat(own).isExactlyInstanceOf(IllegalStateException.class).hasMessage("own");
        assertThat(await(store().get(SERVICES, EntityKey.named("one")))).isEmpty();

        Entity last = await(store().transact(access -> access.insert(service("one"))
                .compose(one -> access.get(SERVICES, EntityKey.named("one")))
                .compose(seen -> access.upsert(seen.orElseThrow().with("port", 9L), EntityKey.named("one")))));
        assertThat(last.get("port")).isEqualTo(9L);
        assertThat(await(store().get(SERVICES, EntityKey.named("one")))).contains(last);
    }

    @Test
    void upsertAll_insertsAndReplaces_orNamesTheOneThatClashes() {
        Entity there = await(store().insert(service("there")));
        await(store().insert(service("taken")));
        await(store().upsertAll(List.of(there.with("port", 7L), service("a"), service("b"))));
        assertThat(await(store().get(SERVICES, EntityKey.named("there")))).contains(there.with("port", 7L));
        assertThat(await(store().page(SERVICES, PageRequest.first(10))).entities())
                .hasSize(4);

        StoreException clash =
                refused(() -> store().upsertAll(List.of(service("c"), service("taken"), there.with("port", 8L))));
        assertThat(clash.error()).isEqualTo(StoreError.UNIQUE);
        assertThat(clash.fields()).isEqualTo(Map.of("name", "taken"));
        assertThat(refused(() -> store().upsertAll(List.of(
                                route("r", null), route("s", UUID.randomUUID().toString()))))
                        .error())
                .isEqualTo(StoreError.REFERENCE);
        assertThat(await(store().page(SERVICES, PageRequest.first(10))).entities())
                .hasSize(4);
        await(store().upsertAll(List.of()));
    }

    @Test
    void deleteAll_allOrNone() {
        Entity one = await(store().insert(service("one")));
        Entity two = await(store().insert(service("two")));
        await(store().insert(route("r", two.id().toString())));

        assertThat(refused(() -> store().deleteAll(List.of(one, two))).error()).isEqualTo(StoreError.REFERENCED);
        assertThat(await(store().page(SERVICES, PageRequest.first(10))).entities())
                .hasSize(2);
        await(store().deleteAll(List.of(one, service("never there"))));
        assertThat(await(store().page(SERVICES, PageRequest.first(10))).entities())
                .containsExactly(two);
        await(store().deleteAll(List.of()));
    }

    @Test
    void snapshot_seesOneMoment_whateverTheGate() {
        await(store().insert(service("before")));
        List<Integer> seen = await(store().snapshot(access -> access.page(SERVICES, PageRequest.first(10))
                .compose(first -> store().insert(service("meanwhile")).map(first))
                .compose(first -> access.page(SERVICES, PageRequest.first(10))
                        .map(second -> List.of(
                                first.entities().size(), second.entities().size())))));
        assertThat(seen).containsExactly(1, 1);
        assertThat(await(store().page(SERVICES, PageRequest.first(10))).entities())
                .hasSize(2);

        gate(steady(Release.of(2, 4)));
        Optional<Entity> read = await(store().snapshot(access -> access.get(SERVICES, EntityKey.named("meanwhile"))));
        assertThat(read).isPresent();
        Throwable own = catchThrowable(
                () -> await(store().snapshot(access -> Future.failedFuture(new IllegalStateException("own")))));
        assertThat(own).isExactlyInstanceOf(IllegalStateException.class).hasMessage("own");
    }

    private List<UUID> walk(PageRequest.Tags tags, PageRequest.Parent parent) {
        List<UUID> seen = new ArrayList<>();
        UUID after = null;
        do {
            Page page = await(store().page(ROUTES, new PageRequest(2, after, tags, parent)));
            page.entities().forEach(entity -> seen.add(entity.id()));
            after = page.next();
        } while (after != null);
        return seen;
    }

    @Test
    void everyWrite_gateClosed_refusedAndNothingDone() {
        Entity kept = await(store().insert(service("kept")));
        Release next = Release.of(2, 6);
        List<Gate> closed = List.of(
                steady(next),
                new Gate(Gate.State.EXPANDING, Release.of(2, 4), NODE, 2, null, false, false, false),
                new Gate(Gate.State.OPEN, Release.of(2, 4), NODE, 2, null, false, false, false),
                new Gate(Gate.State.FENCED, NODE, next, 3, null, false, false, false),
                new Gate(Gate.State.CONTRACTING, NODE, next, 3, null, false, false, false),
                new Gate(Gate.State.ABORTING, Release.of(2, 4), NODE, 3, null, false, false, false));
        for (Gate gate : closed) {
            gate(gate);
            List<Supplier<Future<?>>> writes = List.of(
                    () -> store().insert(service("no")),
                    () -> store().insert(service("kept")),
                    () -> store().update(SERVICES, EntityKey.named("kept"), old -> old.with("port", 1L)),
                    () -> store().update(SERVICES, EntityKey.named("nobody"), old -> old),
                    () -> store().upsert(service("no"), EntityKey.named("no")),
                    () -> store().upsert(service("kept").with("port", 2L), EntityKey.named("kept")),
                    () -> store().transact(access -> access.insert(service("no"))),
                    () -> store().upsertAll(List.of(service("no"))),
                    () -> store().deleteAll(List.of(kept)),
                    () -> store().delete(SERVICES, EntityKey.named("kept"), null));
            for (Supplier<Future<?>> write : writes) {
                StoreException failure = refused(write);
                assertThat(failure.error()).as(gate.toString()).isEqualTo(StoreError.MIGRATION_PENDING);
                assertThat(failure.gate().active()).isEqualTo(gate.active());
                assertThat(failure.node()).isEqualTo(NODE);
            }
            assertThat(await(store().page(SERVICES, PageRequest.first(10))).entities())
                    .containsExactly(kept);
        }
        gate(new Gate(Gate.State.OPEN, NODE, next, 9, null, false, false, false));
        await(store().insert(service("old nodes may")));
        gate(steady(NODE));
        await(store().insert(service("open again")));
    }

    private static StoreException refused(Supplier<? extends Future<?>> write) {
        Throwable failure = catchThrowable(() -> await(write.get()));
        assertThat(failure).isInstanceOf(StoreException.class);
        return (StoreException) failure;
    }

    protected static Entity service(String name) {
        return entity(SERVICES, Map.of("host", "example.com")).with("name", name);
    }

    private static Entity route(String name, String service) {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("name", name);
        input.put("paths", List.of("/" + name));
        input.put("service", service == null ? null : Map.of("id", service));
        return entity(ROUTES, input);
    }

    protected static Entity entity(EntityType type, Map<String, Object> input) {
        Validator.Checked checked = VALIDATOR.create(type, input);
        assertThat(checked.violations().isEmpty())
                .as(checked.violations().message())
                .isTrue();
        return checked.entity();
    }
}
