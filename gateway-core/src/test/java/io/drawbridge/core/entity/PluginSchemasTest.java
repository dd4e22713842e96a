package io.drawbridge.core.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.release.BundledPlugins;
import io.drawbridge.core.release.GatewayCatalog;
import io.drawbridge.migration.Release;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class PluginSchemasTest {
    private static final Release NODE = Release.of(2, 5);
    private static final PluginSchemas SCHEMAS = PluginSchemas.at(NODE);

    @Test
    void at_newestRelease_hasThe36Plugins() {
        assertThat(SCHEMAS.all())
                .extracting(PluginSchema::name)
                .containsExactly(
                        ("acl acme aws-lambda azure-functions basic-auth bot-detection correlation-id cors datadog file-log"
                                        + " grpc-gateway grpc-web hmac-auth http-log ip-restriction jwt key-auth ldap-auth"
                                        + " loggly oauth2 post-function pre-function prometheus proxy-cache rate-limiting"
                                        + " request-size-limiting request-termination request-transformer"
                                        + " response-ratelimiting response-transformer session statsd syslog tcp-log"
                                        + " udp-log zipkin")
                                .split(" "));
    }

    @Test
    void at_everyRelease_hasThePluginsThatComeWithIt() {
        for (Release release : GatewayCatalog.LINE) {
            assertThat(PluginSchemas.at(release).all())
                    .as(release.toString())
                    .extracting(PluginSchema::name)
                    .containsExactlyElementsOf(BundledPlugins.of(release));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "key-auth, key_in_header, 2.2, 2.3",
        "file-log, custom_fields_by_lua, 2.3, 2.4",
        "syslog, facility, 2.4, 2.5",
        "acl, allow, 1.5, 2.1",
        "ip-restriction, deny, 1.5, 2.1",
    })
    void at_olderRelease_doesNotKnowYoungerFields(String plugin, String field, String before, String since) {
        assertThat(fields(before, plugin)).doesNotContain(field);
        assertThat(fields(since, plugin)).contains(field);
    }

    @Test
    void at_releasesBeforeTheLists_knowTheirOldNamesOnly() {
        assertThat(fields("1.5", "bot-detection")).containsExactly("whitelist", "blacklist");
        assertThat(fields("2.5", "bot-detection")).containsExactly("allow", "deny");
    }

    private static List<String> fields(String release, String plugin) {
        String[] parts = release.split("\\.");
        return PluginSchemas.at(Release.of(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])))
                .find(plugin)
                .orElseThrow()
                .config()
                .fields()
                .stream()
                .map(Field::name)
                .toList();
    }

    @Test
    void only_someNames_hasThemAlone() {
        assertThat(SCHEMAS.only(Set.of("key-auth", "acl", "mine")).all())
                .extracting(PluginSchema::name)
                .containsExactly("acl", "key-auth");
    }

    @Test
    void document_keyAuth_isWhatClientsRead() {
        assertThat(document("key-auth")).isEqualTo(json("""
                {"fields": [
                  {"consumer": {"type": "foreign", "reference": "consumers", "eq": null}},
                  {"protocols": {"type": "set", "required": true, "default": ["grpc", "grpcs", "http", "https"],
                     "elements": {"type": "string", "one_of": ["grpc", "grpcs", "http", "https"]}}},
                  {"config": {"type": "record", "required": true, "fields": [
                     {"key_names": {"type": "array", "required": true, "default": ["apikey"],
                        "elements": {"type": "string"}}},
                     {"hide_credentials": {"type": "boolean", "required": true, "default": false}},
                     {"anonymous": {"type": "string"}},
                     {"key_in_header": {"type": "boolean", "required": true, "default": true}},
                     {"key_in_query": {"type": "boolean", "required": true, "default": true}},
                     {"key_in_body": {"type": "boolean", "required": true, "default": false}},
                     {"run_on_preflight": {"type": "boolean", "required": true, "default": true}}]}}]}"""));
    }

    @Test
    void document_responseRateLimiting_hasLimitsAndNestedRecords() {
        String periods = Stream.of("second", "minute", "hour", "day", "month", "year")
                .map(period -> "{\"" + period + "\": {\"type\": \"number\", \"gt\": 0}}")
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
        assertThat(document("response-ratelimiting")).isEqualTo(json("""
                {"fields": [
                  {"protocols": {"type": "set", "required": true, "default": ["grpc", "grpcs", "http", "https"],
                     "elements": {"type": "string", "one_of": ["grpc", "grpcs", "http", "https"]}}},
                  {"config": {"type": "record", "required": true, "fields": [
                     {"header_name": {"type": "string", "default": "x-kong-limit"}},
                     {"limit_by": {"type": "string", "default": "consumer",
                        "one_of": ["consumer", "credential", "ip"]}},
                     {"policy": {"type": "string", "default": "cluster", "one_of": ["local", "cluster", "redis"]}},
                     {"fault_tolerant": {"type": "boolean", "required": true, "default": true}},
                     {"redis_host": {"type": "string"}},
                     {"redis_port": {"type": "integer", "default": 6379, "between": [0, 65535]}},
                     {"redis_password": {"type": "string", "len_min": 0}},
                     {"redis_timeout": {"type": "number", "default": 2000}},
                     {"redis_database": {"type": "number", "default": 0}},
                     {"block_on_first_violation": {"type": "boolean", "required": true, "default": false}},
                     {"hide_client_headers": {"type": "boolean", "required": true, "default": false}},
                     {"limits": {"type": "map", "required": true, "len_min": 1, "keys": {"type": "string"},
                        "values": {"type": "record", "required": true, "fields": [%s]}}}]}}]}""".formatted(periods)));
    }

    @Test
    void document_acme_mayBeGlobalOnly() {
        assertThat(document("acme").getJsonArray("fields").stream().limit(3))
                .containsExactly(
                        json("{\"consumer\": {\"type\": \"foreign\", \"reference\": \"consumers\", \"eq\": null}}"),
                        json("{\"service\": {\"type\": \"foreign\", \"reference\": \"services\", \"eq\": null}}"),
                        json("{\"route\": {\"type\": \"foreign\", \"reference\": \"routes\", \"eq\": null}}"));
    }

    @Test
    void document_ofConfig_isTheConfigurationAlone() {
        assertThat(new JsonObject(
                        EntitySchemaJson.ofConfig(SCHEMAS.find("prometheus").orElseThrow())))
                .isEqualTo(json("{\"fields\": [{\"per_consumer\": {\"type\": \"boolean\", \"default\": false}}]}"));
    }

    @Test
    void document_consumers_isWhatClientsRead() {
        EntityType consumers = EntityTypes.at(NODE).get("consumers");
        assertThat(new JsonObject(EntitySchemaJson.of(consumers))).isEqualTo(json("""
                {"fields": [
                  {"id": {"type": "string", "uuid": true, "auto": true}},
                  {"created_at": {"type": "integer", "timestamp": true, "auto": true}},
                  {"username": {"type": "string", "unique": true}},
                  {"custom_id": {"type": "string", "unique": true}},
                  {"tags": {"type": "set", "elements": {"type": "string"}}}]}"""));
    }

    @Test
    void document_plugins_saysThatTheConfigurationDepends() {
        EntityType plugins = EntityTypes.at(NODE).get("plugins");
        assertThat(new JsonObject(EntitySchemaJson.of(plugins))
                        .getJsonArray("fields").stream()
                                .map(field -> ((JsonObject) field)
                                        .fieldNames()
                                        .iterator()
                                        .next()))
                .containsExactly(
                        "id",
                        "name",
                        "created_at",
                        "route",
                        "service",
                        "consumer",
                        "config",
                        "protocols",
                        "enabled",
                        "tags");
        assertThat(new JsonObject(EntitySchemaJson.of(plugins))
                        .getJsonArray("fields")
                        .getJsonObject(3))
                .isEqualTo(json("{\"route\": {\"type\": \"foreign\", \"reference\": \"routes\","
                        + " \"on_delete\": \"cascade\"}}"));
        assertThat(new JsonObject(EntitySchemaJson.of(plugins))
                        .getJsonArray("fields")
                        .getJsonObject(6))
                .isEqualTo(json("{\"config\": {\"type\": \"record\", \"required\": true, \"abstract\": true,"
                        + " \"fields\": []}}"));
    }

    static List<String> names() {
        return SCHEMAS.all().stream().map(PluginSchema::name).toList();
    }

    /* A client that fills in the document's defaults must get what the server fills in: no difference for ever. */
    @ParameterizedTest
    @MethodSource("names")
    void document_everyPlugin_hasTheDefaultsThatAreFilledIn(String name) {
        JsonObject config = document(name).getJsonArray("fields").stream()
                .map(field -> ((JsonObject) field).getJsonObject("config"))
                .filter(field -> field != null)
                .findFirst()
                .orElseThrow();
        JsonObject client = standards(config);
        PluginSchema schema = SCHEMAS.find(name).orElseThrow();
        assertThat(new JsonObject(Map.of("config", Defaults.complete(schema.config(), Map.of())))
                        .getJsonObject("config"))
                .isEqualTo(client);
    }

    private static JsonObject standards(JsonObject record) {
        JsonObject all = new JsonObject();
        for (Object each : record.getJsonArray("fields")) {
            String field = ((JsonObject) each).fieldNames().iterator().next();
            JsonObject is = ((JsonObject) each).getJsonObject(field);
            all.put(field, is.getString("type").equals("record") ? standards(is) : is.getValue("default"));
        }
        return all;
    }

    private static JsonObject document(String name) {
        return new JsonObject(EntitySchemaJson.of(SCHEMAS.find(name).orElseThrow()));
    }

    private static JsonObject json(String text) {
        return new JsonObject(text);
    }
}
