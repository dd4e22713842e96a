package io.drawbridge.core.declarative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.drawbridge.core.declarative.Declaration.Declared;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.migration.Release;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DeclarativeFileTest {
    private static final EntityTypes TYPES = EntityTypes.at(Release.of(2, 5));
    private static final DeclarativeFile FILE = new DeclarativeFile(TYPES, new Validator(InstantSource.system()));
    private static final String HEAD = "_format_version: '2.1'\n";

    @Test
    void order_referencedFirst_coreBeforePlugins_byName() {
        assertThat(FILE.order().stream().map(Object::toString))
                .containsExactly(
                        "workspaces",
                        "ca_certificates",
                        "certificates",
                        "consumers",
                        "services",
                        "routes",
                        "plugins",
                        "snis",
                        "upstreams",
                        "targets",
                        "acls",
                        "acme_storage",
                        "basicauth_credentials",
                        "hmacauth_credentials",
                        "jwt_secrets",
                        "keyauth_credentials",
                        "oauth2_credentials",
                        "oauth2_authorization_codes",
                        "oauth2_tokens",
                        "sessions");
    }

    @Test
    void ids_followFromNames() {
        Declaration read = read("""
                services:
                - name: foo
                  host: example.com
                  routes:
                  - name: r
                    paths: [/]
                  plugins:
                  - name: key-auth
                upstreams:
                - name: up
                  targets:
                  - target: a.example.com:80
                consumers:
                - username: bob
                  acls:
                  - group: admins
                plugins:
                - name: cors
                """);
        assertThat(ids(read, "services")).containsExactly("2933fbcc-9d7c-54a7-a984-fe2bde836cea");
        assertThat(ids(read, "routes")).containsExactly("da7ba03a-f1be-52d4-8a7e-c8f32640689a");
        assertThat(ids(read, "upstreams")).containsExactly("152df2f3-4eb2-505d-ba48-f128b77c4e89");
        assertThat(ids(read, "targets")).containsExactly("0f01eb79-9743-56d5-a2f1-4d73e12cc2b5");
        assertThat(ids(read, "consumers")).containsExactly("def4f7d3-9863-5ad2-8fa9-c949bf26f55e");
        assertThat(ids(read, "acls")).containsExactly("539de5d8-b10b-5e08-be89-24e1da381883");
        assertThat(ids(read, "plugins"))
                .containsExactlyInAnyOrder(
                        "6225acf7-9b86-59b0-9105-6f7898fd6007", "81f7b439-c3fa-5e45-815f-8de9d9afec12");
        assertThat(one(read, "routes").get("service"))
                .isEqualTo(Map.of("id", ids(read, "services").get(0)));
    }

    @Test
    void ids_withoutAName_areRandom_andGivenOnesStay() {
        String text = """
                routes:
                - paths: [/a]
                services:
                - id: 0B7A9D4E-6E0D-4B9C-8E2F-1C6B5A4D3E2F
                  name: s
                  host: a
                """;
        assertThat(ids(read(text), "routes")).isNotEqualTo(ids(read(text), "routes"));
        assertThat(ids(read(text), "services")).containsExactly("0b7a9d4e-6e0d-4b9c-8e2f-1c6b5a4d3e2f");
    }

    @Test
    void children_anyDepth_andUnderEitherName() {
        Declaration read = read("""
                consumers:
                - username: bob
                  _comment: ours
                  _ignore: [x]
                  keyauth_credentials:
                  - key: k1
                  key-auth:
                  - key: k2
                  basicauth_credentials:
                  - username: b
                    password: sesame
                  oauth2_credentials:
                  - name: app
                    client_id: c
                    redirect_uris: ['http://a.example.com/']
                    oauth2_tokens:
                    - expires_in: 7
                      access_token: t
                services:
                - name: s
                  host: a
                  routes:
                  - name: r
                    paths: [/]
                    plugins:
                    - name: acl
                      consumer: null
                      config: {allow: [x]}
                """);
        assertThat(ids(read, "keyauth_credentials")).hasSize(2);
        assertThat(one(read, "plugins").get("route"))
                .isEqualTo(Map.of("id", one(read, "routes").get("id")));
        assertThat(one(read, "oauth2_tokens").get("credential"))
                .isEqualTo(Map.of("id", one(read, "oauth2_credentials").get("id")));
        assertThat(one(read, "basicauth_credentials").get("password"))
                .isNotEqualTo("sesame")
                .asString()
                .hasSize(40);
    }

    @Test
    void transform_false_keepsHashes() {
        Declaration read = read("""
                _transform: false
                consumers:
                - username: bob
                  basicauth_credentials:
                  - username: b
                    password: cafe
                """);
        assertThat(one(read, "basicauth_credentials").get("password")).isEqualTo("cafe");
    }

    @Test
    void references_byNameOrId_atTheTop() {
        Declaration read = read("""
                services:
                - {name: s, host: a}
                routes:
                - {name: r1, paths: [/], service: s}
                - {name: r2, paths: [/], service: ROUTED}
                - {name: r3, paths: [/], service: {name: s}}
                plugins:
                - {name: cors, route: r1, service: s}
                """.replace("ROUTED", Uuids.of("services", "s").toString()));
        assertThat(read.entities().stream()
                        .map(Declared::entity)
                        .filter(entity -> entity.type().name().equals("routes"))
                        .map(route -> route.reference("service")))
                .containsOnly(Uuids.of("services", "s"))
                .hasSize(3);
    }

    @Test
    void targets_history_lastCounts() {
        Declaration read = read("""
                upstreams:
                - name: up
                  targets:
                  - {target: 'a:80', weight: 1}
                  - {target: 'a:80', weight: 2}
                """);
        assertThat(one(read, "targets").get("weight")).isEqualTo(2L);
    }

    @Test
    void othersOwn_areSkippedAndSaid() {
        Declaration read = read("parameters:\n- {key: cluster_id, value: x}\ntags: []\n");
        assertThat(read.entities()).isEmpty();
        assertThat(read.skipped()).isEqualTo(Map.of("parameters", 1, "tags", 0));
    }

    @Test
    void head_wrong_isSaid() {
        assertThat(errors("services: []")).isEqualTo("in '_format_version': required field missing");
        assertThat(errors("_format_version: 1.1")).isEqualTo("in '_format_version': expected a string");
        assertThat(errors("_format_version: '3.0'")).isEqualTo("in '_format_version': expected one of: 1.1, 2.1");
        assertThat(errors(HEAD + "_transform: 1\n_ignore: 2\n_comment: 3\n_other: 4\nserviced: []"))
                .isEqualTo("""
                        in '_comment': expected a string
                        in '_ignore': expected an array
                        in '_other': unknown field
                        in '_transform': expected a boolean
                        in 'serviced': unknown field""");
    }

    @Test
    void errors_everyOne_whereItIs() {
        assertThat(errors(HEAD + """
                services:
                - name: fine
                  host: a
                - name: s
                  host: []
                  port: -23
                  routes: 123
                - name: t
                  host: a
                  routes:
                  - paths: [/]
                    service: fine
                    plugins:
                    - name: nobody
                    - 7
                  - paths: [x]
                    methods: {a: b}
                routes: x
                consumers:
                - {}
                """)).isEqualTo("""
                        in 'consumers':
                          - in entry 1 of 'consumers':
                            in '@entity':
                              - in entry 1 of '@entity': at least one of these fields must be non-empty: 'custom_id', 'username'
                        in 'routes': expected an array
                        in 'services':
                          - in entry 2 of 'services':
                            in 'host': expected a string
                            in 'port': value should be between 0 and 65535
                            in 'routes': expected an array
                          - in entry 3 of 'services':
                            in 'routes':
                              - in entry 1 of 'routes':
                                in 'plugins':
                                  - in entry 1 of 'plugins':
                                    in 'name': plugin 'nobody' not enabled; add it to the 'plugins' configuration property
                                  - in entry 2 of 'plugins': expected a record
                                in 'service': value must be null
                              - in entry 2 of 'routes':
                                in 'methods': expected a set
                                in 'paths':
                                  - in entry 1 of 'paths': should start with: /""");
    }

    @Test
    void errors_asJson_haveNullsWhereEntriesAreRight() {
        DeclarativeException wrong = catchThrowableOfType(
                DeclarativeException.class, () -> read("services:\n- {name: a, host: a}\n- {name: b, host: 1}\n"));
        assertThat(wrong.errors().toString()).isEqualTo("{services=[null, {host=expected a string}]}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            routes: [{paths: [/], service: x}] | routes | invalid reference 'service: x' (no such entry in 'services')
            snis: [{name: a.example.com, certificate: x}] | snis | invalid reference 'certificate: x' (no such entry in 'certificates')
            """)
    void references_unknown_areRefused(String text, String type, String expected) {
        assertThat(errors(HEAD + text))
                .isEqualTo("in '" + type + "':\n  - in entry 1 of '" + type
                        + "':\n    in '@entity':\n      - in entry 1 of '@entity': " + expected);
    }

    @Test
    void duplicates_areRefused() {
        assertThat(errors(HEAD + "services:\n- {name: a, host: a}\n- {name: a, host: b}\n"))
                .endsWith("uniqueness violation: 'services' entity with primary key set to '"
                        + Uuids.of("services", "a") + "' already declared");
        assertThat(errors(HEAD + "services:\n- {name: a, host: a}\n- {name: a, host: b, id: " + Uuids.of("x", "y")
                        + "}\n"))
                .endsWith("uniqueness violation: 'services' entity with name set to 'a' already declared");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            keyauth_credentials | key
            jwt_secrets | key
            oauth2_credentials | client_id
            """)
    void duplicates_ofSecrets_areNotSaid(String type, String field) {
        String entries = "consumers: [{username: a}]\n" + type + ":\n- {name: x, consumer: a, FIELD: s3cret}\n"
                + "- {name: x, consumer: a, FIELD: s3cret, id: " + Uuids.of("x", "y") + "}\n";
        String given = entries.replace("FIELD", field);
        assertThat(errors(HEAD + (type.startsWith("oauth2") ? given : given.replace("name: x, ", ""))))
                .doesNotContain("s3cret")
                .endsWith("in entry 2 of '" + type + "':\n    in '@entity':\n      - in entry 1 of '@entity': "
                        + "uniqueness violation: '" + type + "' entity with the same " + field + " already declared");
    }

    @Test
    void duplicateSessions_areNotSaid() {
        assertThat(errors(HEAD + "sessions:\n- {session_id: s3cret}\n- {session_id: s3cret, id: " + Uuids.of("x", "y")
                        + "}\n"))
                .contains("'sessions' entity with the same session_id already declared")
                .doesNotContain("s3cret");
    }

    @Test
    void references_unknownSecret_isNotSaid() {
        assertThat(errors(HEAD + "oauth2_tokens: [{credential: s3cret, expires_in: 1}]\n"))
                .doesNotContain("s3cret")
                .contains("invalid reference 'credential' (no such entry in 'oauth2_credentials')");
    }

    private static Declaration read(String text) {
        return FILE.read(Yaml.parse(text.contains("_format_version") ? text : HEAD + text));
    }

    private static String errors(String text) {
        return catchThrowableOfType(DeclarativeException.class, () -> FILE.read(Yaml.parse(text)))
                .getMessage();
    }

    private static List<String> ids(Declaration read, String type) {
        return read.entities().stream()
                .map(Declared::entity)
                .filter(entity -> entity.type().name().equals(type))
                .map(entity -> entity.id().toString())
                .toList();
    }

    private static Entity one(Declaration read, String type) {
        return read.entities().stream()
                .map(Declared::entity)
                .filter(entity -> entity.type().name().equals(type))
                .findFirst()
                .orElseThrow();
    }
}
