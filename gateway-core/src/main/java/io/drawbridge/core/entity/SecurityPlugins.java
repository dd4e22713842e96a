package io.drawbridge.core.entity;

import static io.drawbridge.core.entity.PluginFields.choice;
import static io.drawbridge.core.entity.PluginFields.choices;
import static io.drawbridge.core.entity.PluginFields.flag;
import static io.drawbridge.core.entity.PluginFields.host;
import static io.drawbridge.core.entity.PluginFields.record;
import static io.drawbridge.core.entity.PluginFields.texts;

import io.drawbridge.core.entity.Field.Builder;
import io.drawbridge.core.entity.PluginSchema.Scope;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Plugins that let in or keep out, and the one that gets certificates. */
final class SecurityPlugins {
    private static final Object[] METHODS = {
        "GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "OPTIONS", "TRACE", "CONNECT"
    };
    private static final Pattern EMAIL = Pattern.compile(".*@.*", Pattern.DOTALL);
    private static final Set<Object> ASKING_FOR_TERMS = Set.of(
            "https://acme-v02.api.letsencrypt.org",
            "https://acme-v02.api.letsencrypt.org/directory",
            "https://acme-staging-v02.api.letsencrypt.org",
            "https://acme-staging-v02.api.letsencrypt.org/directory");

    static final List<PluginSchema> ALL = List.of(acl(), acme(), botDetection(), cors(), ipRestriction());

    private SecurityPlugins() {}

    private static PluginSchema acl() {
        return PluginSchema.named("acl")
                .notOn(Scope.CONSUMER)
                .onlyOneOf("allow", "deny")
                .atLeastOneOf("allow", "deny")
                .onlyOneOf("whitelist", "blacklist")
                .atLeastOneOf("whitelist", "blacklist")
                .config(lists(Field.string("group"), null, flag("hide_groups_header", false)));
    }

    private static PluginSchema botDetection() {
        return PluginSchema.named("bot-detection")
                .notOn(Scope.CONSUMER)
                .config(lists(Field.string("pattern").rule(Rule.regex()), List.of()));
    }

    private static PluginSchema ipRestriction() {
        return PluginSchema.named("ip-restriction")
                .atLeastOneOf("allow", "deny")
                .atLeastOneOf("whitelist", "blacklist")
                .config(lists(Field.string("range").rule(Rule.text(Formats::ipOrCidr)), null));
    }

    /** Who is allowed and who is denied, under the names of today and under those of before 2.1. */
    private static Builder[] lists(Builder element, Object standard, Builder... more) {
        Stream<Builder> lists = Stream.of(
                Field.array("allow", element).alias("whitelist").since(2, 1),
                Field.array("deny", element).alias("blacklist").since(2, 1),
                Field.array("whitelist", element).until(2, 1),
                Field.array("blacklist", element).until(2, 1));
        return Stream.concat(lists.map(list -> list.standard(standard)), Stream.of(more))
                .toArray(Builder[]::new);
    }

    private static PluginSchema cors() {
        return PluginSchema.named("cors")
                .notOn(Scope.CONSUMER)
                .config(
                        Field.array("origins", Field.string("origin").rule(Rule.text(SecurityPlugins::origin))),
                        texts("headers"),
                        texts("exposed_headers"),
                        choices("methods", METHODS).standard(List.of(METHODS)),
                        Field.number("max_age"),
                        flag("credentials", false),
                        flag("preflight_continue", false));
    }

    private static String origin(String text) {
        return text.equals("*") || PathRegex.problem(text) == null ? null : "'" + text + "' is not a valid regex";
    }

    private static PluginSchema acme() {
        return PluginSchema.named("acme")
                .notOn(Scope.values())
                .since(2, 0)
                .check(new EntityCheck.RuleWhen(
                        "config.api_uri",
                        ASKING_FOR_TERMS::contains,
                        "config.tos_accepted",
                        accepted -> Boolean.TRUE.equals(accepted) ? null : "value must be true",
                        "terms of service must be accepted, see https://letsencrypt.org/repository/"))
                .config(
                        Field.string("account_email").required().rule(Rule.form(EMAIL)),
                        PluginFields.url("api_uri").standard("https://acme-v02.api.letsencrypt.org/directory"),
                        Field.bool("tos_accepted").standard(false),
                        Field.string("eab_kid"),
                        Field.string("eab_hmac_key"),
                        choice("cert_type", "rsa", "ecc").standard("rsa"),
                        Field.number("renew_threshold_days").standard(14L),
                        Field.array("domains", Field.string("domain").rule(Rule.text(Formats::routeHost))),
                        Field.number("fail_backoff_minutes").standard(5L),
                        choice("storage", "kong", "shm", "redis", "consul", "vault")
                                .standard("shm"),
                        record(
                                "storage_config",
                                record("shm", Field.string("shm_name").standard("kong")),
                                record(
                                        "redis",
                                        host("host"),
                                        CommonFields.port("port"),
                                        Field.number("database"),
                                        Field.string("auth")),
                                record("consul", keyStore()),
                                record(
                                        "vault",
                                        keyStore(
                                                Field.bool("tls_verify").standard(true),
                                                Field.string("tls_server_name"),
                                                choice("auth_method", "token", "kubernetes")
                                                        .standard("token"),
                                                Field.string("auth_path"),
                                                Field.string("auth_role"),
                                                Field.string("jwt_path")))));
    }

    private static Builder[] keyStore(Builder... more) {
        Stream<Builder> common = Stream.of(
                Field.bool("https").standard(false),
                host("host"),
                CommonFields.port("port"),
                Field.string("kv_path"),
                Field.number("timeout"),
                Field.string("token"));
        return Stream.concat(common, Stream.of(more)).toArray(Builder[]::new);
    }
}
