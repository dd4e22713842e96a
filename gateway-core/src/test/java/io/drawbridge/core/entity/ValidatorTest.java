package io.drawbridge.core.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.Release;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ValidatorTest {
    private static final EntityTypes TYPES = EntityTypes.at(Release.of(2, 5));
    private static final EntityType SERVICES = TYPES.get("services");
    private static final EntityType ROUTES = TYPES.get("routes");
    private static final Validator VALIDATOR =
            new Validator(InstantSource.fixed(Instant.ofEpochSecond(1_626_000_000L)));

    @Test
    void service_minimal_hasEveryFieldWithItsDefault() {
        Entity service =
                VALIDATOR.create(SERVICES, json("{'host':'example.com'}")).entity();
        assertThat(new JsonObject(new LinkedHashMap<>(service.values())).encode())
                .isEqualTo(("{'id':'" + service.get("id") + "','created_at':1626000000,'updated_at':1626000000,"
                                + "'name':null,'retries':5,'protocol':'http','host':'example.com','port':80,'path':null,"
                                + "'connect_timeout':60000,'write_timeout':60000,'read_timeout':60000,'tags':null,"
                                + "'client_certificate':null,'tls_verify':null,'tls_verify_depth':null,"
                                + "'ca_certificates':null}")
                        .replace('\'', '"'));
    }

    @Test
    void route_minimal_hasEveryFieldWithItsDefault() {
        Entity route = VALIDATOR.create(ROUTES, json("{'paths':['/']}")).entity();
        assertThat(route.values())
                .containsEntry("protocols", List.of("http", "https"))
                .containsEntry("https_redirect_status_code", 426L)
                .containsEntry("regex_priority", 0L)
                .containsEntry("strip_path", true)
                .containsEntry("path_handling", "v0")
                .containsEntry("preserve_host", false)
                .containsEntry("request_buffering", true)
                .containsEntry("response_buffering", true)
                .containsEntry("service", null)
                .containsEntry("snis", null);
        assertThat(VALIDATOR
                        .create(ROUTES, json("{'protocols':['grpc'],'paths':['/']}"))
                        .entity()
                        .get("strip_path"))
                .isEqualTo(false);
    }

    @Test
    void textWrongByItselfAndForAnotherField_isSaidForTheOther() {
        EntityType upstreams = TYPES.get("upstreams");
        assertThat(wrong(upstreams, "{'name':'u','hash_on':'consumer','hash_fallback':'zz'}"))
                .isEqualTo("2 schema violations (failed conditional validation given value of field 'hash_on'; "
                        + "hash_fallback: expected one of: none, ip, header, cookie)");
        assertThat(wrong(upstreams, "{'name':'u','hash_on':'header','hash_on_header':'a b'}"))
                .isEqualTo("schema violation (hash_on_header: bad header name 'a b', allowed characters are "
                        + "A-Z, a-z, 0-9, '_', and '-')");
        assertThat(wrong(SERVICES, "{'host':'a','protocol':'tcp','path':'x'}"))
                .isEqualTo("2 schema violations (failed conditional validation given value of field 'protocol'; "
                        + "path: value must be null)");
    }

    private static String wrong(EntityType type, String input) {
        return VALIDATOR.create(type, json(input)).violations().message();
    }

    @Test
    void type_olderRelease_doesNotKnowYoungerFields() {
        EntityType old = EntityTypes.at(Release.of(1, 5)).get("services");
        assertThat(old.workspaced()).isFalse();
        assertThat(old.field("tls_verify")).isEmpty();
        assertThat(EntityTypes.at(Release.of(2, 1)).get("routes").field("request_buffering"))
                .isEmpty();
        assertThat(VALIDATOR
                        .create(old, json("{'host':'a','tls_verify':true}"))
                        .violations()
                        .message())
                .isEqualTo("schema violation (tls_verify: unknown field)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | schema violation (host: required field missing)",
                "{'host':null} | schema violation (host: required field missing)",
                "{'host':'a','port':'80'} | schema violation (port: expected an integer)",
                "{'host':'a','port':1.5} | schema violation (port: expected an integer)",
                "{'host':'a','port':99999} | schema violation (port: value should be between 0 and 65535)",
                "{'host':'a','port':1e400} | schema violation (port: value should be between 0 and 65535)",
                "{'host':'a','port':123456789012345678901234567890} | schema violation (port: value should be between 0 and 65535)",
                "{'host':'','protocol':1} | 2 schema violations (host: length must be at least 1; protocol: expected a string)",
                "{'host':'a:80'} | schema violation (host: must not have a port)",
                "{'host':'a b'} | schema violation (host: invalid value: a b)",
                "{'host':'a','protocol':'ftp'} | schema violation (protocol: expected one of: grpc, grpcs, http, https, tcp, tls, udp)",
                "{'host':'a','path':'x'} | schema violation (path: should start with: /)",
                "{'host':'a','path':'/a//b'} | schema violation (path: must not have empty segments)",
                "{'host':'a','path':'/%zz'} | schema violation (path: invalid url-encoded value: '%zz')",
                "{'host':'a','path':'/a{b'} | schema violation (path: invalid path: '/a{b' (characters outside of the reserved list of RFC 3986 found))",
                "{'host':'a','name':'a b'} | schema violation (name: invalid value 'a b': the only accepted ascii characters are alphanumerics or ., -, _, and ~)",
                "{'host':'a','tags':['a,b']} | schema violation (tags.1: invalid tag 'a,b': expected printable ascii (except `,` and `/`) or valid utf-8 sequences)",
                "{'host':'a','tags':'x'} | schema violation (tags: expected a set)",
                "{'host':'a','id':'x'} | schema violation (id: expected a valid UUID)",
                "{'host':'a','x':1,'a':2} | 2 schema violations (a: unknown field; x: unknown field)",
                "{'url':'invalid url'} | 2 schema violations (host: required field missing; path: should start with: /)",
                "{'url':''} | schema violation (host: required field missing)",
                "{'url':7} | 2 schema violations (host: required field missing; url: expected a string)",
                "{'host':'a','protocol':'tcp','path':'/'} | 2 schema violations (failed conditional validation given value of field 'protocol'; path: value must be null)",
                "{'host':'a','tls_verify':true} | 2 schema violations (failed conditional validation given value of field 'protocol'; tls_verify: value must be null)",
                "{'host':'a','protocol':'https','ca_certificates':['x']} | schema violation (ca_certificates.1: expected a valid UUID)",
                "{'host':'a','protocol':'https','client_certificate':'x'} | schema violation (client_certificate.id: missing primary key)",
                "{'host':'a','retries':32768} | schema violation (retries: value should be between 0 and 32767)",
            })
    void service_wrong_saysSo(String input, String message) {
        assertThat(VALIDATOR.create(SERVICES, json(input)).violations().message())
                .isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | schema violation (must set one of 'methods', 'hosts', 'headers', 'paths', 'snis' when 'protocols' is 'https')",
                "{'protocols':['http']} | schema violation (must set one of 'methods', 'hosts', 'headers', 'paths' when 'protocols' is 'http')",
                "{'protocols':['tcp','udp']} | schema violation (must set one of 'sources', 'destinations', 'snis' when 'protocols' is 'tcp', 'tls' or 'udp')",
                "{'protocols':['grpc']} | schema violation (must set one of 'hosts', 'headers', 'paths' when 'protocols' is 'grpc')",
                "{'protocols':['grpcs','grpc']} | schema violation (must set one of 'hosts', 'headers', 'paths', 'snis' when 'protocols' is 'grpcs')",
                "{'protocols':[],'paths':['/']} | schema violation (protocols: length must be at least 1)",
                "{'protocols':['http','tcp'],'paths':['/']} | schema violation (protocols: these sets are mutually exclusive: ('http', 'https'), ('tcp', 'tls', 'udp'), ('grpc', 'grpcs'))",
                "{'protocols':['http','ftp'],'paths':['/']} | schema violation (protocols.2: expected one of: grpc, grpcs, http, https, tcp, tls, udp)",
                "{'protocols':['tcp'],'sources':[{'ip':'1.2.3.4'}],'methods':['GET']} | schema violation (methods: cannot set 'methods' when 'protocols' is 'tcp', 'tls' or 'udp')",
                "{'paths':['/'],'sources':[{'port':1}]} | schema violation (sources: cannot set 'sources' when 'protocols' is 'http' or 'https')",
                "{'protocols':['grpc'],'paths':['/'],'strip_path':true} | schema violation (strip_path: cannot set 'strip_path' when 'protocols' is 'grpc' or 'grpcs')",
                "{'protocols':['http'],'paths':['/'],'snis':['a.b']} | 2 schema violations ('snis' can only be set when 'protocols' is 'grpcs', 'https' or 'tls'; snis: length must be 0)",
                "{'paths':['/'],'methods':['get']} | schema violation (methods.1: invalid value: get)",
                "{'paths':['a']} | schema violation (paths.1: should start with: /)",
                "{'hosts':['*.a.*']} | schema violation (hosts.1: invalid wildcard: must have at most one wildcard)",
                "{'hosts':['a.*.b']} | schema violation (hosts.1: invalid wildcard: must be placed at leftmost or rightmost label)",
                "{'hosts':['a..b']} | schema violation (hosts.1: invalid hostname: a..b)",
                "{'headers':{'Host':['a']}} | schema violation (headers: cannot contain 'host' header, which must be specified in the 'hosts' attribute)",
                "{'headers':{'a b':['a']}} | schema violation (headers: bad header name 'a b', allowed characters are A-Z, a-z, 0-9, '_', and '-')",
                "{'paths':['/'],'https_redirect_status_code':200} | schema violation (https_redirect_status_code: expected one of: 426, 301, 302, 307, 308)",
                "{'paths':['/'],'service':{'id':'x'}} | schema violation (service.id: expected a valid UUID)",
                "{'paths':['/'],'service':{'protocol':'http'}} | schema violation (service.id: missing primary key)",
                "{'paths':['/'],'service':7} | schema violation (service.id: missing primary key)",
                "{'paths':['/'],'strip_path':null} | schema violation (strip_path: required field missing)",
                "{'snis':['1.2.3.4']} | schema violation (snis.1: must not be an IP)",
                "{'paths':['/'],'regex_priority':1e300} | schema violation (regex_priority: expected an integer)",
            })
    void route_wrong_saysSo(String input, String message) {
        assertThat(VALIDATOR.create(ROUTES, json(input)).violations().message()).isEqualTo(message);
    }

    @Test
    @Timeout(5)
    void manyLongExpressions_takeLittleTime() {
        List<String> paths = Collections.nCopies(50, "/" + ":a".repeat(50_000));
        assertThat(VALIDATOR.create(ROUTES, Map.of("paths", paths)).violations().isEmpty())
                .isTrue();
    }

    @Test
    void conditionOnAFieldThatIsNull_doesNotHold() {
        assertThat(VALIDATOR
                        .create(
                                TYPES.get("jwt_secrets"),
                                json("{'algorithm':null,'consumer':{'id':'5f7c3d3a-9d9b-4d6e-8f0e-2b9b6f6a1c11'}}"))
                        .violations()
                        .isEmpty())
                .isTrue();
    }

    @Test
    void elementErrors_arePositional() {
        assertThat(VALIDATOR
                        .create(ROUTES, json("{'protocols':['http','ftp'],'paths':['/']}"))
                        .violations()
                        .fields())
                .isEqualTo(Map.of(
                        "protocols",
                        java.util.Arrays.asList(null, "expected one of: grpc, grpcs, http, https, tcp, tls, udp")));
        assertThat(VALIDATOR
                        .create(ROUTES, json("{'protocols':['tcp'],'sources':[{}]}"))
                        .violations()
                        .fields())
                .isEqualTo(Map.of(
                        "sources",
                        List.of(Map.of(
                                "@entity", List.of("at least one of these fields must be non-empty: 'ip', 'port'")))));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "http://example.com,http,example.com,80,",
                "https://example.com,https,example.com,443,",
                "https://u:p@example.com:8443/a/b?q=1#f,https,example.com,8443,/a/b",
                "//example.com:443/x,https,example.com,443,/x",
                "//example.com:80,http,example.com,80,",
                "tcp://example.com,tcp,example.com,80,",
                "http://[::1]:8000/,http,::1,8000,/",
            })
    void service_url_standsForItsParts(String url, String protocol, String host, long port, String path) {
        Entity service = VALIDATOR.create(SERVICES, Map.of("url", url)).entity();
        assertThat(service.values())
                .containsEntry("protocol", protocol)
                .containsEntry("host", host)
                .containsEntry("port", port)
                .containsEntry("path", path);
    }

    @Test
    void routePath_regexes_asPcreJudgesThem() {
        for (String right : List.of(
                "/a(?<user_id>\\d+)",
                "/(?P<x>a)(?P=x)",
                "/[[:alpha:]]+",
                "/a|b",
                "/(?R)?x",
                "/ü",
                "/users/{id}",
                "/[a[b]")) {
            assertThat(PathRegex.check(right)).as(right).isNull();
        }
        for (String wrong : List.of("/a(", "/[a", "/*+?)", "/(?<1a>x)", "/" + "(".repeat(5000) + ")".repeat(5000))) {
            assertThat(PathRegex.check(wrong)).as(wrong).startsWith("invalid regex: '");
        }
    }

    @Test
    void change_mergesAndKeepsTheId() {
        Entity before = VALIDATOR
                .create(SERVICES, json("{'host':'a','name':'n','tags':['x']}"))
                .entity();
        Entity after = VALIDATOR
                .change(before, json("{'name':null,'port':81,'tags':['y']}"))
                .entity();
        assertThat(after.values())
                .containsEntry("name", null)
                .containsEntry("port", 81L)
                .containsEntry("host", "a");
        assertThat(after.get("tags")).isEqualTo(List.of("y"));
        assertThat(VALIDATOR
                        .change(before, json("{'id':'00000000-0000-0000-0000-000000000001'}"))
                        .violations()
                        .message())
                .isEqualTo("schema violation (id: immutable field cannot be updated)");
        assertThat(VALIDATOR.change(before, json("{'host':null}")).violations().message())
                .isEqualTo("schema violation (host: required field missing)");
    }

    @Test
    void anyText_isJudgedNotThrown() {
        Random random = new Random(20261124);
        String alphabet = "\0\ud800/:*.[](){}?|\\%a1-_~@#é\uffff";
        List<String> fields = List.of(
                "name",
                "host",
                "path",
                "url",
                "protocol",
                "id",
                "hosts",
                "paths",
                "headers",
                "snis",
                "tags",
                "methods",
                "sources");
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String field = fields.get(random.nextInt(fields.size()));
            Object value = switch (random.nextInt(4)) {
                case 0 -> text.toString();
                case 1 -> List.of(text.toString());
                case 2 -> Map.of(text.toString(), List.of(text.toString()));
                default -> List.of(Map.of("ip", text.toString()));
            };
            for (EntityType type : TYPES.all()) {
                Validator.Checked checked = VALIDATOR.create(type, Map.of(field, value));
                assertThat(checked.entity() == null)
                        .isEqualTo(!checked.violations().isEmpty());
                if (checked.entity() != null) {
                    assertThat(checked.entity().values().toString()).doesNotContain("\0");
                }
            }
        }
    }

    @Test
    void change_leavesNoneOfSeveral_saysThatItIsAChange() {
        EntityType consumers = TYPES.get("consumers");
        Entity consumer = VALIDATOR.create(consumers, json("{'username':'u'}")).entity();
        assertThat(VALIDATOR
                        .change(consumer, json("{'username':null}"))
                        .violations()
                        .message())
                .isEqualTo("schema violation (when updating, at least one of these fields must be non-empty:"
                        + " 'custom_id', 'username')");
    }

    @Test
    void password_comesWithItsConsumer() {
        String consumer = "'consumer':{'id':'6d1b8ac5-6c0f-4a0b-9b5e-1f2a3b4c5d6e'}";
        EntityType basic = TYPES.get("basicauth_credentials");
        String together = "all or none of these fields must be set: 'password', 'consumer.id'";
        assertThat(VALIDATOR
                        .create(basic, json("{'username':'u'," + consumer + "}"))
                        .violations()
                        .message())
                .isEqualTo("2 schema violations (" + together + "; password: required field missing)");
        Entity made = VALIDATOR
                .create(basic, json("{'username':'u','password':'p'," + consumer + "}"))
                .entity();
        assertThat(VALIDATOR
                        .change(made, json("{" + consumer + "}"))
                        .violations()
                        .message())
                .isEqualTo("schema violation (" + together + ")");
        assertThat(VALIDATOR.change(made, json("{'password':'p'}")).entity().get("password"))
                .isEqualTo(made.get("password"));
        assertThat(VALIDATOR.change(made, json("{'username':'v'}")).entity().get("password"))
                .isEqualTo(made.get("password"));
    }

    @Test
    void clientSecret_toBeHashed_isHashedOnce() {
        String consumer = "'consumer':{'id':'6d1b8ac5-6c0f-4a0b-9b5e-1f2a3b4c5d6e'}";
        EntityType oauth2 = TYPES.get("oauth2_credentials");
        Entity made = VALIDATOR
                .create(oauth2, json("{'name':'n','client_secret':'s','hash_secret':true," + consumer + "}"))
                .entity();
        String hash = (String) made.get("client_secret");
        assertThat(hash).matches("\\$pbkdf2-sha512\\$i=10000,l=32\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
        assertThat(VALIDATOR.create(oauth2, made.values()).entity().get("client_secret"))
                .as("what was read can be written")
                .isEqualTo(hash);
        assertThat(VALIDATOR.change(made, json("{'name':'m'}")).entity().get("client_secret"))
                .isEqualTo(hash);
        assertThat(VALIDATOR
                        .change(made, json("{'client_secret':'s'}"))
                        .entity()
                        .get("client_secret"))
                .isEqualTo(hash);
        assertThat(VALIDATOR
                        .create(oauth2, json("{'name':'n','client_secret':'s'," + consumer + "}"))
                        .entity()
                        .get("client_secret"))
                .isEqualTo("s");
    }

    private static Map<String, Object> json(String text) {
        return new JsonObject(text.replace('\'', '"')).getMap();
    }
}
