package io.drawbridge.core.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.Release;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class PluginTypeTest {
    private static final Release NODE = Release.of(2, 5);
    private static final EntityType PLUGINS = EntityTypes.at(NODE).get("plugins");
    private static final Validator VALIDATOR =
            new Validator(InstantSource.fixed(Instant.ofEpochSecond(1_626_000_000L)));
    private static final String ID = "5f7c3d3a-9d9b-4d6e-8f0e-2b9b6f6a1c11";

    @Test
    void plugin_minimal_hasEveryFieldWithItsDefault() {
        Entity plugin = created("{'name':'prometheus'}");
        assertThat(new JsonObject(new LinkedHashMap<>(plugin.values())).encode())
                .isEqualTo(("{'id':'" + plugin.get("id") + "','name':'prometheus','created_at':1626000000,'route':null,"
                                + "'service':null,'consumer':null,'config':{'per_consumer':false},"
                                + "'protocols':['grpc','grpcs','http','https'],'enabled':true,'tags':null}")
                        .replace('\'', '"'));
        assertThat(plugin.type()).isSameAs(PLUGINS);
        assertThat(PLUGINS.cacheKey(plugin.with("service", Map.of("id", ID))))
                .isEqualTo("plugins:prometheus::" + ID + "::");
    }

    @ParameterizedTest
    @CsvFileSource(resources = "plugin-defaults.txt", delimiter = '|', quoteCharacter = '`', maxCharsPerColumn = 8192)
    void config_minimal_hasTheDocumentedDefaults(String name, String minimal, String whole) {
        Entity plugin = created("{'name':'" + name + "','config':" + minimal + "}");
        assertThat(config(plugin).encode()).isEqualTo(whole.replace('\'', '"'));
        assertThat(plugin.get("protocols")).isEqualTo(List.of("grpc", "grpcs", "http", "https"));
    }

    static List<String> names() {
        return PluginSchemasTest.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void config_garbage_isRefused(String name) {
        Violations found = violations("{'name':'" + name + "','config':{'garbage':true}}");
        assertThat(found.message()).contains("config.garbage: unknown field");
        assertThat(((Map<?, ?>) found.fields().get("config")).get("garbage")).isEqualTo("unknown field");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | schema violation (name: required field missing)",
                "{'name':7} | schema violation (name: expected a string)",
                "{'name':'x','config':{'a':1}} | schema violation (name: plugin 'x' not enabled; add it to the 'plugins' configuration property)",
                "{'name':'key-auth','config':{'garbage':true}} | schema violation (config.garbage: unknown field)",
                "{'name':'key-auth','config':7} | schema violation (config: expected a record)",
                "{'name':'key-auth','config':null} | schema violation (config: required field missing)",
                "{'name':'key-auth','config':{'key_names':['a b']}} | schema violation (config.key_names: {\\n  \"bad header name 'a b', allowed characters are A-Z, a-z, 0-9, '_', and '-'\"\\n})",
                "{'name':'key-auth','config':{'key_names':'k'}} | schema violation (config.key_names: expected an array)",
                "{'name':'key-auth','config':{'hide_credentials':null}} | schema violation (config.hide_credentials: required field missing)",
                "{'name':'key-auth','consumer':{'id':'" + ID + "'}} | schema violation (consumer: value must be null)",
                "{'name':'acme','config':{'account_email':'a@b','tos_accepted':true},'route':{'id':'" + ID
                        + "'},'service':{'id':'" + ID
                        + "'}} | 2 schema violations (route: value must be null; service: value must be null)",
                "{'name':'key-auth','route':{'id':'x'}} | schema violation (route.id: expected a valid UUID)",
                "{'name':'key-auth','protocols':['tcp']} | schema violation (protocols.1: expected one of: grpc, grpcs, http, https)",
                "{'name':'file-log','config':{'path':'/a'},'protocols':['ftp']} | schema violation (protocols.1: expected one of: grpc, grpcs, http, https, tcp, tls, udp)",
                "{'name':'key-auth','protocols':null} | schema violation (protocols: required field missing)",
                "{'name':'acl'} | 2 schema violations (only one of these fields must be non-empty: 'config.allow', 'config.deny'; at least one of these fields must be non-empty: 'config.allow', 'config.deny')",
                "{'name':'acl','config':{'allow':['a'],'deny':['b']}} | schema violation (only one of these fields must be non-empty: 'config.allow', 'config.deny')",
                "{'name':'acl','config':{'whitelist':7}} | schema violation (config.allow: expected an array)",
                "{'name':'ip-restriction'} | schema violation (at least one of these fields must be non-empty: 'config.allow', 'config.deny')",
                "{'name':'ip-restriction','config':{'garbage':1}} | 2 schema violations (at least one of these fields must be non-empty: 'config.allow', 'config.deny'; config.garbage: unknown field)",
                "{'name':'bot-detection','config':{'allow':['(']}} | schema violation (config.allow: {\\n  \"not a valid regex: (\"\\n})",
                "{'name':'rate-limiting'} | schema violation (at least one of these fields must be non-empty: 'config.second', 'config.minute', 'config.hour', 'config.day', 'config.month', 'config.year')",
                "{'name':'rate-limiting','config':{'second':20,'hour':10}} | schema violation (config: The limit for hour(10.0) cannot be lower than the limit for second(20.0))",
                "{'name':'rate-limiting','config':{'second':0}} | schema violation (config.second: value must be greater than 0)",
                "{'name':'rate-limiting','config':{'second':1,'policy':'redis'}} | 2 schema violations (failed conditional validation given value of field 'config.policy'; config.redis_host: required field missing)",
                "{'name':'rate-limiting','config':{'second':1,'limit_by':'header'}} | 2 schema violations (failed conditional validation given value of field 'config.limit_by'; config.header_name: required field missing)",
                "{'name':'rate-limiting','config':{'second':1,'limit_by':'path'}} | 2 schema violations (failed conditional validation given value of field 'config.limit_by'; config.path: required field missing)",
                "{'name':'rate-limiting','config':{'second':1,'policy':'file'}} | schema violation (config.policy: expected one of: local, cluster, redis)",
                "{'name':'response-ratelimiting','config':{'limits':{}}} | schema violation (config.limits: length must be at least 1)",
                "{'name':'oauth2'} | schema violation (config: at least one of these fields must be true: enable_authorization_code, enable_implicit_grant, enable_client_credentials, enable_password_grant)",
                "{'name':'oauth2','config':{'enable_password_grant':true,'mandatory_scope':true}} | 2 schema violations (failed conditional validation given value of field 'config.mandatory_scope'; config.scopes: required field missing)",
                "{'name':'jwt','config':{'maximum_expiration':60}} | 2 schema violations (failed conditional validation given value of field 'config.maximum_expiration'; config.claims_to_verify: required field missing)",
                "{'name':'jwt','config':{'maximum_expiration':60,'claims_to_verify':['nbf']}} | 2 schema violations (failed conditional validation given value of field 'config.maximum_expiration'; config.claims_to_verify: expected to contain: exp)",
                "{'name':'jwt','config':{'maximum_expiration':31536001}} | schema violation (config.maximum_expiration: value should be between 0 and 31536000)",
                "{'name':'ldap-auth','config':{'ldap_host':'a','base_dn':'b','attribute':'c','ldaps':true,'start_tls':true}} | 2 schema violations ('ldaps' and 'start_tls' cannot be enabled simultaneously; config.start_tls: value must not be true)",
                "{'name':'acme','config':{'account_email':'a@b'}} | 2 schema violations (terms of service must be accepted, see https://letsencrypt.org/repository/; config.tos_accepted: value must be true)",
                "{'name':'aws-lambda','config':{'function_name':'f'}} | schema violation (only one of these fields must be non-empty: 'config.aws_region', 'config.host')",
                "{'name':'aws-lambda','config':{'function_name':'f','aws_region':'r','aws_key':'k'}} | schema violation (all or none of these fields must be set: 'config.aws_key', 'config.aws_secret')",
                "{'name':'pre-function'} | schema violation (at least one of these fields must be non-empty: 'config.functions', 'config.certificate', 'config.rewrite', 'config.access', 'config.header_filter', 'config.body_filter', 'config.log')",
                "{'name':'pre-function','config':{'functions':['return'],'log':['return']}} | schema violation (these sets are mutually exclusive: ('config.functions'), ('config.certificate', 'config.rewrite', 'config.access', 'config.header_filter', 'config.body_filter', 'config.log'))",
                "{'name':'request-termination','config':{'message':'a','body':'b'}} | schema violation (config: message cannot be used with content_type or body)",
                "{'name':'request-termination','config':{'content_type':'a/b'}} | schema violation (config: content_type requires a body)",
                "{'name':'request-termination','config':{'status_code':600}} | schema violation (config.status_code: value should be between 100 and 599)",
                "{'name':'http-log'} | schema violation (config.http_endpoint: required field missing)",
                "{'name':'http-log','config':{'http_endpoint':'a'}} | schema violation (config.http_endpoint: missing host in url)",
                "{'name':'http-log','config':{'http_endpoint':'//a/b'}} | schema violation (config.http_endpoint: missing scheme in url)",
                "{'name':'http-log','config':{'http_endpoint':'http://a','headers':{'Host':['x']}}} | schema violation (config.headers: cannot contain 'host' header)",
                "{'name':'file-log','config':{'path':'a*b'}} | schema violation (config.path: not a valid filename)",
                "{'name':'cors','config':{'origins':['(']}} | schema violation (config.origins: {\\n  \"'(' is not a valid regex\"\\n})",
                "{'name':'zipkin','config':{'static_tags':[{'name':'a','value':'1'},{'name':'a','value':'2'}]}} | schema violation (config.static_tags: repeated tags are not allowed: a)",
            })
    void plugin_wrong_saysSo(String input, String message) {
        assertThat(violations(input).message()).isEqualTo(message.replace("\\n", "\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                response-ratelimiting | {'limits':{'a':{}}} | {"limits":{"@entity":["at least one of these fields must be non-empty: 'second', 'minute', 'hour', 'day', 'month', 'year'"]}}
                response-ratelimiting | {'limits':{'a':{'second':2,'day':1}}} | {"limits":"The limit for day(1.0) cannot be lower than the limit for second(2.0)"}
                statsd | {'metrics':[{'name':'latency'}]} | {"metrics":[{"stat_type":"required field missing"}]}
                statsd | {'metrics':[{'name':'unique_users','stat_type':'timer'}]} | {"metrics":[{"@entity":["failed conditional validation given value of field 'name'"],"consumer_identifier":"required field missing","stat_type":"value must be set"}]}
                statsd | {'metrics':[{'name':'request_size','stat_type':'counter'}]} | {"metrics":[{"@entity":["failed conditional validation given value of field 'stat_type'"],"sample_rate":"required field missing"}]}
                statsd | {'metrics':[{'name':'status_count','stat_type':'timer'}]} | {"metrics":[{"@entity":["failed conditional validation given value of field 'name'"],"stat_type":"value must be counter"}]}
                datadog | {'metrics':[{'name':'latency','stat_type':'timer','tags':['a:']}]} | {"metrics":[{"tags":["invalid value: a:"]}]}
                zipkin | {'static_tags':[{'name':'error','value':'1'}]} | {"static_tags":[{"name":"must not be one of: error, http.method, http.path, http.status_code, kong.balancer.state, kong.balancer.try, kong.consumer, kong.credential, kong.node.id, kong.route, kong.service, lc, peer.hostname"}]}
                request-transformer | {'add':{'body':['a']}} | {"add":{"body":["key 'a' has no value"]}}
                request-transformer | {'add':{'headers':['a b:c','a:b']}} | {"add":{"headers":["'a b' is not a valid header"]}}
                request-transformer | {'rename':{'headers':['a:b c']}} | {"rename":{"headers":["'b c' is not a valid header"]}}
                response-transformer | {'add':{'json':['a']}} | {"add":{"json":["invalid value: a"]}}
                response-transformer | {'add':{'json_types':['a']}} | {"add":{"json_types":["expected one of: boolean, number, string"]}}""")
    void config_wrongWithin_saysWhere(String name, String config, String errors) {
        Violations found = violations("{'name':'" + name + "','config':" + config + "}");
        assertThat(new JsonObject(new LinkedHashMap<>(found.fields())).getJsonObject("config"))
                .isEqualTo(new JsonObject(errors));
    }

    @Test
    void config_oldNames_becomeNewOnes() {
        assertThat(config(created("{'name':'acl','config':{'whitelist':['a']}}"))
                        .encode())
                .isEqualTo("{\"allow\":[\"a\"],\"deny\":null,\"hide_groups_header\":false}");
        assertThat(config(created("{'name':'bot-detection','config':{'blacklist':['a']}}"))
                        .encode())
                .isEqualTo("{\"allow\":[],\"deny\":[\"a\"]}");
        Entity denied = created("{'name':'ip-restriction','config':{'deny':['1.2.3.4']}}");
        assertThat(config(changed(denied, "{'config':{'blacklist':['::1'],'whitelist':['10.0.0.0/8']}}"))
                        .encode())
                .isEqualTo("{\"allow\":[\"10.0.0.0/8\"],\"deny\":[\"::1\"]}");
    }

    @Test
    void config_secretsOfItsOwn_areMade() {
        String first = config(created("{'name':'oauth2','config':{'enable_password_grant':true}}"))
                .getString("provision_key");
        String second = config(created("{'name':'oauth2','config':{'enable_password_grant':true}}"))
                .getString("provision_key");
        assertThat(first).matches("[A-Za-z0-9]{32}").isNotEqualTo(second);
        assertThat(config(created("{'name':'session'}")).getString("secret"))
                .matches("[A-Za-z0-9]{32}")
                .isEqualTo(config(created("{'name':'session'}")).getString("secret"));
    }

    @Test
    void config_emptyPassword_isAllowed() {
        assertThat(config(created("{'name':'rate-limiting','config':{'day':1,'redis_password':''}}"))
                        .getString("redis_password"))
                .isEmpty();
    }

    @Test
    void change_partOfTheConfiguration_keepsTheRest() {
        Entity before = created("{'name':'request-transformer','config':{'add':{'body':['a:1'],'headers':['b:2']}}}");
        JsonObject after = config(changed(before, "{'config':{'http_method':'GET','add':{'headers':['c:3']}}}"));
        assertThat(after.getString("http_method")).isEqualTo("GET");
        assertThat(after.getJsonObject("add").encode())
                .isEqualTo("{\"body\":[\"a:1\"],\"headers\":[\"c:3\"],\"querystring\":[]}");
        Entity oauth2 = created("{'name':'oauth2','config':{'enable_password_grant':true,'provision_key':'k'}}");
        assertThat(config(changed(oauth2, "{'enabled':false}"))).isEqualTo(config(oauth2));
    }

    @Test
    void change_toAnotherPlugin_isJudgedByThatOne() {
        Entity before = created("{'name':'key-auth'}");
        assertThat(VALIDATOR
                        .change(before, json("{'name':'prometheus'}"))
                        .violations()
                        .fields()
                        .keySet())
                .containsExactly("config");
        assertThat(VALIDATOR
                        .change(before, json("{'config':{'garbage':1}}"))
                        .violations()
                        .message())
                .isEqualTo("schema violation (config.garbage: unknown field)");
    }

    @Test
    void plugin_notSwitchedOn_isUnknown() {
        EntityType few =
                EntityTypes.at(NODE, PluginSchemas.at(NODE).only(Set.of("acl"))).get("plugins");
        String message =
                "schema violation (name: plugin 'key-auth' not enabled; add it to the 'plugins' configuration property)";
        assertThat(VALIDATOR
                        .create(few, json("{'name':'key-auth'}"))
                        .violations()
                        .message())
                .isEqualTo(message);
        Entity stored = new Entity(few, created("{'name':'key-auth'}").values());
        assertThat(VALIDATOR
                        .change(stored, json("{'enabled':false}"))
                        .violations()
                        .message())
                .isEqualTo(message);
    }

    @Test
    void plugin_ofALaterRelease_isUnknown() {
        EntityType old = EntityTypes.at(Release.of(1, 5)).get("plugins");
        assertThat(VALIDATOR.create(old, json("{'name':'acme'}")).violations().message())
                .startsWith("schema violation (name: plugin 'acme' not enabled");
        assertThat(VALIDATOR
                        .create(old, json("{'name':'acl','config':{'whitelist':['a']}}"))
                        .violations()
                        .isEmpty())
                .isTrue();
        assertThat(VALIDATOR.create(old, json("{'name':'acl'}")).violations().message())
                .contains("'config.whitelist', 'config.blacklist'")
                .doesNotContain("allow");
    }

    @Test
    void entity_storedByAnOlderRelease_hasEveryFieldAndNoOther() {
        assertThat(stored("{'name':'key-auth','config':{'key_names':['k'],'hide_credentials':true,'key_in_body':null,"
                        + "'gone':1}}"))
                .isEqualTo("{\"key_names\":[\"k\"],\"hide_credentials\":true,\"anonymous\":null,\"key_in_header\":true,"
                        + "\"key_in_query\":true,\"key_in_body\":null,\"run_on_preflight\":true}");
        assertThat(stored("{'name':'acl','config':{'whitelist':['a'],'blacklist':{}}}"))
                .isEqualTo("{\"allow\":[\"a\"],\"deny\":[],\"hide_groups_header\":false}");
        assertThat(stored("{'name':'acl','config':{'whitelist':['a'],'allow':['b']}}"))
                .isEqualTo("{\"allow\":[\"b\"],\"deny\":null,\"hide_groups_header\":false}");
        assertThat(stored("{'name':'mine','config':{'a':{'b':1}}}")).isEqualTo("{\"a\":{\"b\":1}}");
    }

    /* Whatever is in a field: an entity or words about it, never an exception. */
    @ParameterizedTest
    @MethodSource("names")
    void config_anythingInAnyField_isJudged(String name) {
        Map<String, Object> withNull = new LinkedHashMap<>();
        withNull.put("a:b", null);
        String text = "a:".repeat(50_000);
        List<Object> values = new ArrayList<>(List.of(
                7,
                -1L,
                1.5,
                Double.POSITIVE_INFINITY,
                new BigInteger("9".repeat(400)),
                true,
                "",
                "\0",
                "\ud800",
                text));
        values.addAll(List.of("(".repeat(5000), "//@:/", "http://[::1", ":", "*.*", Map.of(), withNull));
        List<Object> nested = values.stream()
                .<Object>map(value -> Arrays.asList(value, null, Map.of("", value)))
                .toList();
        values.addAll(nested);
        values.add(null);
        for (Field field : PLUGINS.variant(Map.of("name", name))
                .field("config")
                .orElseThrow()
                .fields()) {
            for (Object value : values) {
                for (Object tried : Arrays.asList(value, Collections.singletonMap("headers", value))) {
                    Validator.Checked checked = VALIDATOR.create(
                            PLUGINS, Map.of("name", name, "config", Collections.singletonMap(field.name(), tried)));
                    assertThat(checked.entity() == null)
                            .isEqualTo(!checked.violations().isEmpty());
                    assertThat(checked.violations().message()).contains("schema violation");
                }
            }
        }
    }

    private static String stored(String row) {
        return config(new Entity(PLUGINS, new JsonObject(row.replace('\'', '"')).getMap()))
                .encode();
    }

    private static Entity created(String input) {
        Validator.Checked checked = VALIDATOR.create(PLUGINS, json(input));
        assertThat(checked.violations().message()).isEqualTo("0 schema violations ()");
        return checked.entity();
    }

    private static Entity changed(Entity before, String input) {
        Validator.Checked checked = VALIDATOR.change(before, json(input));
        assertThat(checked.violations().message()).isEqualTo("0 schema violations ()");
        return checked.entity();
    }

    private static Violations violations(String input) {
        return VALIDATOR.create(PLUGINS, json(input)).violations();
    }

    private static JsonObject config(Entity plugin) {
        return new JsonObject(new LinkedHashMap<>(new JsonObject(new LinkedHashMap<>(plugin.values()))
                .getJsonObject("config")
                .getMap()));
    }

    private static Map<String, Object> json(String text) {
        return new JsonObject(text.replace('\'', '"')).getMap();
    }
}
