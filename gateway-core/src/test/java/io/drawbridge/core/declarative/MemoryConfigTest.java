package io.drawbridge.core.declarative;

import static io.drawbridge.core.store.GatewayDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.StoreError;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MemoryConfigTest {
    private static final int BYTES_MAX = 10_000;
    private static final Vertx VERTX = Vertx.vertx();
    private static final EntityTypes TYPES = EntityTypes.at(Release.of(2, 5));
    private static final EntityType SERVICES = TYPES.get("services");

    private final List<ConfigSnapshot> taken = new ArrayList<>();
    private final MemoryConfig config =
            new MemoryConfig(VERTX, TYPES, new Validator(InstantSource.system()), BYTES_MAX, this::take);

    private Future<Void> take(ConfigSnapshot snapshot) {
        taken.add(snapshot);
        return snapshot.all("services").stream().anyMatch(service -> "refused".equals(service.get("host")))
                ? Future.failedFuture(new IllegalArgumentException("cannot be used"))
                : Future.succeededFuture();
    }

    @AfterAll
    static void close() {
        await(VERTX.close());
    }

    private static Map<String, Object> document(String host) {
        return Map.of("_format_version", "2.1", "services", List.of(Map.of("name", "a", "host", host)));
    }

    private Entity service() {
        return await(config.store().get(SERVICES, EntityKey.named("a"))).orElseThrow();
    }

    @Test
    void load_replacesAll_idsFollowFromNames() {
        assertThat(config.hash()).isEqualTo("0".repeat(32));
        assertThat(await(config.store().page(SERVICES, PageRequest.first(10))).entities())
                .isEmpty();

        assertThat(await(config.load(document("x"), false))).isPresent();
        Entity first = service();
        String hash = config.hash();
        assertThat(await(config.load(document("y"), false))).isPresent();
        assertThat(service().id()).isEqualTo(first.id());
        assertThat(service().get("host")).isEqualTo("y");
        assertThat(config.hash()).matches("[0-9a-f]{32}").isNotEqualTo(hash);

        assertThat(await(config.load(Documents.parse(await(config.text())), false)))
                .isPresent();
        assertThat(service().id()).isEqualTo(first.id());
        await(config.load(Map.of("_format_version", "2.1"), false));
        assertThat(await(config.store().page(SERVICES, PageRequest.first(10))).entities())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "workspaces: []", "workspaces:", "workspaces: {}", "workspaces: [{name: other}]"})
    void load_whatWorkspacesItSays_defaultIsThere(String workspaces) {
        await(config.load(Documents.parse("_format_version: '2.1'\n" + workspaces), false));
        assertThat(await(config.store().page(TYPES.get("workspaces"), PageRequest.first(10)))
                        .entities())
                .extracting(workspace -> workspace.get("name"))
                .contains("default");
    }

    @Test
    void load_workspacesThatAreNoList_areRefused() {
        assertThatThrownBy(() -> await(config.load(Map.of("_format_version", "2.1", "workspaces", "default"), false)))
                .isInstanceOf(DeclarativeException.class);
    }

    @Test
    void load_whatClashes_namesNoSecret() {
        String token = "- {credential: c, expires_in: 1, refresh_token: s3cret}\n";
        assertThatThrownBy(() -> await(config.load(Documents.parse("""
                        _format_version: '2.1'
                        consumers: [{username: a}]
                        oauth2_credentials: [{name: x, consumer: a, client_id: c}]
                        oauth2_tokens:
                        """ + token + token), false)))
                .isInstanceOf(DeclarativeException.class)
                .hasMessage("UNIQUE violation detected on 'refresh_token' of 'oauth2_tokens'");
    }

    @Test
    void load_whatTheSinkRefuses_changesNothing() {
        await(config.load(document("x"), false));
        String hash = config.hash();

        assertThatThrownBy(() -> await(config.load(document("refused"), false)))
                .isInstanceOf(DeclarativeException.class)
                .hasMessageContaining("cannot be used");
        assertThat(service().get("host")).isEqualTo("x");
        assertThat(config.hash()).isEqualTo(hash);
    }

    @Test
    void load_again_whatIsTheSameIsTheSameObject() {
        await(config.load(document("x"), false));
        await(config.load(document("x"), false));

        Entity first = taken.get(0).all("services").iterator().next();
        assertThat(taken.get(1).all("services")).first().isSameAs(first);
        assertThat(taken.get(1).digest()).isEqualTo(taken.get(0).digest());
    }

    @Test
    void apply_asAControlPlaneSays_isReadable_andDocumentsAreRefused() {
        await(config.load(document("x"), false));
        MemoryConfig fed = new MemoryConfig(
                VERTX, TYPES, new Validator(InstantSource.system()), 0, snapshot -> Future.succeededFuture());

        await(fed.apply(taken.get(0)));

        assertThat(await(fed.store().get(SERVICES, EntityKey.named("a")))).isPresent();
        assertThat(fed.hash()).isEqualTo(taken.get(0).digest());
        assertThatThrownBy(() -> await(fed.load(document("y"), false)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("data plane");
    }

    @Test
    void load_unlessSame_onlyWhatDiffers() {
        await(config.load(document("x"), false));
        Entity before = service();
        assertThat(await(config.load(Documents.parse("""
                        services:
                        - {host: x, name: a}
                        _format_version: '2.1'
                        """), true))).isEmpty();
        assertThat(service()).isSameAs(before);
        assertThat(await(config.load(document("y"), true))).isPresent();
    }

    @Test
    void load_whatCannotBe_changesNothing() {
        await(config.load(document("x"), false));
        String hash = config.hash();
        assertThatThrownBy(() -> await(config.load(document("x".repeat(BYTES_MAX)), false)))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        refused -> assertThat(refused.error()).isEqualTo(StoreError.TOO_LARGE));
        assertThatThrownBy(() -> await(config.load(document("a b"), false))).isInstanceOf(DeclarativeException.class);
        assertThatThrownBy(() -> await(config.load(
                        Map.of(
                                "_format_version",
                                "2.1",
                                "consumers",
                                List.of(
                                        Map.of("username", "a", "custom_id", "1"),
                                        Map.of("username", "b", "custom_id", "1"))),
                        false)))
                .isInstanceOf(DeclarativeException.class)
                .hasMessage("UNIQUE violation detected on '{custom_id=\"1\"}'");
        assertThat(config.hash()).isEqualTo(hash);
        assertThat(service().get("host")).isEqualTo("x");
    }

    @Test
    void load_whileAnotherIsLoaded_busy() {
        Future<?> first = config.load(document("x"), false);
        Future<?> second = config.load(document("y"), false);
        await(first);
        assertThat(StoreException.is(second.cause(), StoreError.BUSY)).isTrue();
        assertThat(service().get("host")).isEqualTo("x");
        await(config.load(document("y"), false));
    }

    @Test
    void store_writes_areRefused_readsInATransactionAreNot() {
        await(config.load(document("x"), false));
        Entity service = service();
        EntityKey key = EntityKey.of(service.id());
        var store = config.store();
        Map<String, Future<?>> writes = Map.of(
                "create", store.insert(service),
                "create or update", store.upsertAll(List.of(service)),
                "update", store.update(SERVICES, key, before -> before),
                "delete", store.transact(access -> access.delete(SERVICES, key, null)));
        writes.forEach((what, write) -> {
            assertThat(StoreException.is(write.cause(), StoreError.READ_ONLY)).isTrue();
            assertThat(write.cause()).hasMessage("cannot " + what + " 'services' entities when not using a database");
        });
        Optional<Entity> read = await(store.transact(access -> access.get(SERVICES, key)));
        assertThat(read).contains(service);
    }

    /* A transaction that began before sees what was there before. */
    @Test
    void snapshot_isOfOneConfiguration() {
        await(config.load(document("x"), false));
        Object host = await(config.store()
                        .snapshot(access -> config.load(document("y"), false)
                                .compose(loaded -> access.get(SERVICES, EntityKey.named("a")))))
                .orElseThrow()
                .get("host");
        assertThat(host).isEqualTo("x");
        assertThat(service().get("host")).isEqualTo("y");
    }
}
