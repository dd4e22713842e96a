package io.drawbridge.core.declarative;

import static io.drawbridge.core.store.GatewayDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.GatewayDatabase;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.StoreError;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whole documents, on every store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DeclarativeStoreContract {
    static final Release NODE = GatewayDatabase.NEWEST;
    private static final EntityTypes TYPES = EntityTypes.at(NODE);
    private static final String EVERYTHING = """
            _format_version: '2.1'
            services:
            - name: s
              url: https://example.com/x
              tags: [t]
              routes:
              - name: r
                paths: [/r]
                tags: [t]
                plugins:
                - name: rate-limiting
                  config: {minute: 5}
            - name: other
              host: b
            consumers:
            - username: bob
              tags: [t]
              basicauth_credentials:
              - {username: b, password: sesame}
              keyauth_credentials:
              - {key: k}
              acls:
              - {group: g}
              jwt_secrets:
              - {key: j}
              oauth2_credentials:
              - name: app
                client_id: c
                redirect_uris: ['http://a.example.com/']
                oauth2_tokens:
                - {expires_in: 7, access_token: token}
                oauth2_authorization_codes:
                - {code: once, challenge_method: S256}
            upstreams:
            - name: up
              targets:
              - {target: 'a.example.com:80', weight: 7}
            plugins:
            - name: session
            - name: cors
              consumer: null
            sessions:
            - {session_id: known, expires: 7, data: text}
            acme_storage:
            - {key: account, value: text}
            """;

    private final Vertx vertx = Vertx.vertx();
    /* Later at every look. */
    private final InstantSource clock = new InstantSource() {
        private long seconds = 1_600_000_000;

        @Override
        public synchronized Instant instant() {
            return Instant.ofEpochSecond(seconds++);
        }
    };
    private final Validator validator = new Validator(clock);

    /** An empty store whose gate is open. */
    abstract EntityStore store();

    abstract void gate(Gate gate);

    static Gate steady(Release release) {
        return new Gate(Gate.State.STEADY, release, null, 1, null, false, false, false);
    }

    @AfterAll
    void closeVertx() {
        await(vertx.close());
    }

    @Test
    void load_twice_changesNothingTheSecondTime() {
        Changes first = await(documents().load(Yaml.parse(EVERYTHING)));
        assertThat(counts(first))
                .isEqualTo("consumers +1, services +2, routes +1, plugins +3, upstreams +1, targets +1, acls +1,"
                        + " acme_storage +1, basicauth_credentials +1, jwt_secrets +1, keyauth_credentials +1,"
                        + " oauth2_credentials +1, oauth2_authorization_codes +1, oauth2_tokens +1, sessions +1");
        String before = exported();

        Changes second = await(documents().load(Yaml.parse(EVERYTHING)));
        assertThat(second.none()).as(counts(second)).isTrue();
        assertThat(exported()).isEqualTo(before);
    }

    @Test
    void export_loaded_isTheSame_alsoElsewhere() {
        await(documents().load(Yaml.parse(EVERYTHING)));
        String before = exported();
        assertThat(before).startsWith("_format_version: '2.1'\n_transform: false\n");
        assertThat(Yaml.parse(before).keySet())
                .containsSubsequence("consumers", "services", "routes", "plugins", "upstreams", "targets", "acls");
        assertThat(before)
                .contains("  service: " + Uuids.of("services", "s"))
                .contains("  client_certificate: null")
                .doesNotContain("sesame");

        Changes again = await(documents().load(Yaml.parse(before)));
        assertThat(again.none()).as(counts(again)).isTrue();

        for (String type : List.of("consumers", "routes", "plugins", "services", "upstreams")) {
            await(store().page(TYPES.get(type), PageRequest.first(100)))
                    .entities()
                    .forEach(entity -> await(store().delete(entity.type(), EntityKey.of(entity.id()), null)));
        }
        await(documents().load(Yaml.parse(before)));
        assertThat(exported()).isEqualTo(before);
    }

    @Test
    void load_clashInTheEnd_changesNothing() {
        await(documents().load(Yaml.parse(EVERYTHING)));
        String before = exported();
        String clash = """
                _format_version: '2.1'
                services:
                - {name: new, host: a}
                upstreams:
                - {name: up, id: 0b7a9d4e-6e0d-4b9c-8e2f-1c6b5a4d3e2f}
                """;
        Throwable failure = catchThrowable(() -> await(documents().load(Yaml.parse(clash))));
        assertThat(failure).hasMessage("UNIQUE violation detected on '{name=\"up\"}'");
        assertThat(exported()).isEqualTo(before);
    }

    @Test
    void load_workspaces_meansThoseOfTheDatabase() {
        String file = """
                _format_version: '1.1'
                workspaces:
                - {name: team, id: %s, comment: %s}
                """;
        await(documents().load(Yaml.parse(file.formatted(Uuids.of("a", "a"), "first"))));
        Changes changes = await(documents().load(Yaml.parse(file.formatted(Uuids.of("b", "b"), "second"))));
        assertThat(changes.byType().get("workspaces").updated().listed())
                .containsExactly(Uuids.of("a", "a").toString());
        await(store().delete(TYPES.get("workspaces"), EntityKey.named("team"), null));
    }

    @Test
    void workspaces_areKeptApart_andComeBack() {
        String file = """
                _format_version: '2.1'
                workspaces:
                - {name: team}
                services:
                - {name: s, host: mine}
                - name: s
                  _workspace: team
                  host: theirs
                  routes:
                  - {name: r, paths: [/]}
                routes:
                - {name: r2, _workspace: team, paths: [/], service: s}
                consumers:
                - {username: bob, _workspace: team, keyauth_credentials: [{key: k}]}
                """;
        Changes made = await(documents().apply(Yaml.parse(file), List.of(), false));
        assertThat(counts(made))
                .isEqualTo("workspaces +1, consumers +1, services +2, routes +2, keyauth_credentials +1");
        assertThat(await(store().page(TYPES.get("services"), PageRequest.first(10)))
                        .entities())
                .singleElement()
                .satisfies(service -> assertThat(service.get("host")).isEqualTo("mine"));
        String before = exported();
        assertThat(before).contains("- _workspace: team\n  id: ");
        assertThat(await(documents().apply(Yaml.parse(file), List.of(), false)).none())
                .isTrue();
        assertThat(await(documents().load(Yaml.parse(before))).none()).isTrue();

        String onlyTheirs = "_format_version: '2.1'\n_workspace: team\n";
        assertThat(counts(await(documents().apply(Yaml.parse(onlyTheirs), List.of(), false))))
                .isEqualTo("consumers -1, services -1, routes -2, keyauth_credentials -1");
        await(documents().load(Yaml.parse(before)));
        assertThat(exported()).isEqualTo(before);
        String nobodys = onlyTheirs.replace("team", "nobody") + "services: [{name: s, host: a}]\n";
        assertThat(catchThrowable(() -> await(documents().apply(Yaml.parse(nobodys), List.of(), false))))
                .hasMessage("in '_workspace': no such entry in 'workspaces'");
        assertThat(catchThrowable(() -> await(documents().load(Yaml.parse(nobodys)))))
                .hasMessageContaining("there is no workspace 'nobody'");
        await(documents().apply(Yaml.parse(onlyTheirs), List.of(), false));
        await(store().delete(TYPES.get("workspaces"), EntityKey.named("team"), null));
    }

    @Test
    void apply_isTheWhole_dryRunOnlySays() {
        await(store().insert(entity("services", Map.of("name", "mine", "host", "a"))));
        Entity kept = await(store().insert(entity("services", Map.of("name", "s", "host", "a"))));
        Entity gone = await(store().insert(entity("services", Map.of("name", "gone", "host", "a"))));
        Entity moved = await(store().insert(entity(
                "routes",
                Map.of(
                        "name",
                        "r",
                        "paths",
                        List.of("/"),
                        "service",
                        Map.of("id", gone.id().toString())))));
        String before = exported();
        String file = """
                _format_version: '2.1'
                services:
                - {name: s, host: b}
                - {name: mine, host: a}
                routes:
                - {name: r, paths: [/], service: s}
                consumers:
                - {username: bob}
                """;

        Changes said = await(documents().apply(Yaml.parse(file), List.of(), true));
        assertThat(counts(said)).isEqualTo("consumers +1, services *1 -1 =1, routes *1");
        assertThat(exported()).isEqualTo(before);

        Changes done = await(documents().apply(Yaml.parse(file), List.of(), false));
        assertThat(done).isEqualTo(said);
        assertThat(done.byType().get("services").deleted().listed())
                .containsExactly(gone.id().toString());
        assertThat(await(store().get(TYPES.get("services"), EntityKey.of(kept.id())))
                        .orElseThrow()
                        .get("host"))
                .isEqualTo("b");
        assertThat(await(store().get(TYPES.get("routes"), EntityKey.of(moved.id())))
                        .orElseThrow()
                        .reference("service"))
                .isEqualTo(kept.id());
        assertThat(await(documents().apply(Yaml.parse(file), List.of(), false)).none())
                .isTrue();
        Changes nothing = await(documents().apply(Yaml.parse("_format_version: '2.1'"), List.of(), false));
        assertThat(counts(nothing)).isEqualTo("consumers -1, services -2, routes -1");
    }

    @Test
    void apply_freesNamesFirst() {
        await(store().insert(entity("services", Map.of("name", "s", "host", "a"))));
        Changes changes = await(documents()
                .apply(
                        Yaml.parse("_format_version: '2.1'\nservices:\n- {name: s, host: a, id: " + Uuids.of("a", "a")
                                + "}"),
                        List.of(),
                        false));
        assertThat(counts(changes)).isEqualTo("services +1 -1");
    }

    @Test
    void apply_tags_touchesNothingElse() {
        await(documents().load(Yaml.parse(EVERYTHING)));
        String part = """
                _format_version: '2.1'
                services:
                - {name: new, host: a, tags: [t, u]}
                - {name: untagged, host: a}
                routes:
                - {name: r2, paths: [/], tags: [t], service: other}
                """;
        Changes changes = await(documents().apply(Yaml.parse(part), List.of("t"), false));
        assertThat(counts(changes))
                .isEqualTo("consumers -1, services +1 -1, routes +1 -1, plugins -1, acls -1, basicauth_credentials -1,"
                        + " jwt_secrets -1, keyauth_credentials -1, oauth2_credentials -1,"
                        + " oauth2_authorization_codes -1, oauth2_tokens -1");
        assertThat(changes.ignored().get("services").listed())
                .containsExactly(Uuids.of("services", "untagged").toString());
        assertThat(exported()).contains("name: other").contains("name: cors").doesNotContain("name: untagged");
    }

    @Test
    void apply_aFileThatStandsForTags_touchesNothingElse() {
        await(documents().load(Yaml.parse(EVERYTHING)));
        String part = """
                _format_version: '1.1'
                _info: {select_tags: [t]}
                services:
                - name: s
                  url: https://example.com/x
                  routes:
                  - {name: r, paths: [/r]}
                """;
        Changes changes = await(documents().apply(Yaml.parse(part), List.of(), false));
        assertThat(counts(changes))
                .startsWith("consumers -1, services =1, routes =1, acls -1,")
                .doesNotContain("upstreams");
        assertThat(exported()).contains("name: other").contains("name: cors");
    }

    @Test
    void apply_aPasswordAsItIsStored_staysTheSame() {
        await(documents().load(Yaml.parse(EVERYTHING)));
        String before = exported();
        assertThat(before).contains("password: ");
        Changes changes =
                await(documents().apply(Yaml.parse(before.replace("_transform: false\n", "")), List.of(), false));
        assertThat(changes.none()).as(counts(changes)).isTrue();
    }

    @Test
    void plugins_thatDoNotFitTheirRoutes_areRefused() {
        String file = """
                _format_version: '2.1'
                services:
                - name: s
                  host: a
                  routes:
                  - {name: r, paths: [/], protocols: [%s]}
                  plugins:
                  - {name: cors, protocols: [http]}
                """;
        Throwable failure = catchThrowable(() -> await(documents().load(Yaml.parse(file.formatted("https")))));
        assertThat(failure)
                .hasMessage(
                        "schema violation (protocols: must match the protocols of at least one route pointing to this"
                                + " Plugin's service)");
        await(documents().apply(Yaml.parse(file.formatted("http")), List.of(), false));
        String onRoute = """
                _format_version: '2.1'
                plugins:
                - {name: key-auth, route: %s, protocols: [https]}
                """;
        assertThat(catchThrowable(() ->
                        await(documents().load(Yaml.parse(onRoute.formatted(Uuids.of("routes", "r")))))))
                .isInstanceOf(DeclarativeException.class)
                .hasMessageContaining("(no such entry in 'routes')");
    }

    @Test
    void gateClosed_isRefused_butADryRunAnswers() {
        await(documents().load(Yaml.parse(EVERYTHING)));
        String before = exported();
        gate(steady(Release.of(2, 4)));
        Map<String, Object> none = Yaml.parse("_format_version: '2.1'");
        for (Future<?> write : List.<Future<?>>of(
                documents().load(Yaml.parse(EVERYTHING)), documents().apply(none, List.of(), false))) {
            Throwable failure = catchThrowable(() -> await(write));
            assertThat(StoreException.is(failure, StoreError.MIGRATION_PENDING))
                    .as(String.valueOf(failure))
                    .isTrue();
        }
        assertThat(await(documents().apply(none, List.of(), true)).none()).isFalse();
        assertThat(exported()).isEqualTo(before);
    }

    @Test
    void many_goInAndOut() {
        StringBuilder file = new StringBuilder("_format_version: '2.1'\nservices:\n");
        for (int i = 0; i < 2500; i++) {
            file.append("- {name: s").append(i).append(", host: a}\n");
        }
        Changes changes = await(documents().load(Yaml.parse(file.toString())));
        assertThat(counts(changes)).isEqualTo("services +2500");
        assertThat(exported().lines().filter(line -> line.startsWith("- id: "))).hasSize(2501);
        assertThat(counts(await(documents().apply(Yaml.parse(file.toString()), List.of(), true))))
                .isEqualTo("services =2500");
    }

    private DeclarativeStore documents() {
        return new DeclarativeStore(vertx, TYPES, store(), validator);
    }

    private String exported() {
        StringBuilder text = new StringBuilder(DeclarativeText.head());
        DeclarativeText pieces = new DeclarativeText();
        await(documents().export((workspace, entities) -> {
            text.append(pieces.next(workspace, entities));
            return Future.succeededFuture();
        }));
        return text.toString();
    }

    private Entity entity(String type, Map<String, Object> input) {
        return validator.create(TYPES.get(type), input).entity();
    }

    private static String counts(Changes changes) {
        return changes.byType().entrySet().stream()
                .map(each -> each.getKey()
                        + count(" +", each.getValue().created())
                        + count(" *", each.getValue().updated())
                        + count(" -", each.getValue().deleted())
                        + count(" =", each.getValue().unchanged()))
                .collect(Collectors.joining(", "));
    }

    private static String count(String sign, Changes.Ids ids) {
        return ids.count() == 0 ? "" : sign + ids.count();
    }
}
