package io.drawbridge.core.entity;

import static io.drawbridge.core.entity.PluginFields.anonymous;
import static io.drawbridge.core.entity.PluginFields.choice;
import static io.drawbridge.core.entity.PluginFields.choices;
import static io.drawbridge.core.entity.PluginFields.flag;
import static io.drawbridge.core.entity.PluginFields.host;
import static io.drawbridge.core.entity.PluginFields.texts;

import io.drawbridge.core.entity.PluginSchema.Scope;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Plugins that find out who calls; none of them can be limited to a consumer. */
final class AuthenticationPlugins {
    private static final Object[] HMAC_ALGORITHMS = {"hmac-sha1", "hmac-sha256", "hmac-sha384", "hmac-sha512"};
    private static final List<String> GRANTS = List.of(
            "enable_authorization_code", "enable_implicit_grant", "enable_client_credentials", "enable_password_grant");
    private static final String ONE_GRANT = "at least one of these fields must be true: " + String.join(", ", GRANTS);
    private static final String TWO_KINDS_OF_TLS = "'ldaps' and 'start_tls' cannot be enabled simultaneously";

    static final List<PluginSchema> ALL =
            List.of(basicAuth(), hmacAuth(), jwt(), keyAuth(), ldapAuth(), oauth2(), session());

    private AuthenticationPlugins() {}

    private static PluginSchema.Builder plugin(String name) {
        return PluginSchema.named(name).notOn(Scope.CONSUMER);
    }

    private static PluginSchema basicAuth() {
        return plugin("basic-auth").config(anonymous(), flag("hide_credentials", false));
    }

    private static PluginSchema hmacAuth() {
        return plugin("hmac-auth")
                .config(
                        flag("hide_credentials", false),
                        Field.number("clock_skew").standard(300L).rule(Rule.moreThan(0)),
                        anonymous(),
                        flag("validate_request_body", false),
                        texts("enforce_headers").standard(List.of()),
                        choices("algorithms", HMAC_ALGORITHMS).standard(List.of(HMAC_ALGORITHMS)));
    }

    private static PluginSchema jwt() {
        return plugin("jwt")
                .check(new EntityCheck.RuleWhen(
                        "config.maximum_expiration",
                        seconds -> seconds instanceof Number number && number.doubleValue() > 0,
                        "config.claims_to_verify",
                        claims -> claims == null
                                ? PluginFields.given(null)
                                : ((List<?>) claims).contains("exp") ? null : "expected to contain: exp"))
                .config(
                        Field.set("uri_param_names", Field.string("name")).standard(List.of("jwt")),
                        Field.set("cookie_names", Field.string("name")).standard(List.of()),
                        Field.string("key_claim_name").standard("iss"),
                        flag("secret_is_base64", false),
                        Field.set("claims_to_verify", choice("claim", "exp", "nbf")),
                        anonymous(),
                        flag("run_on_preflight", true),
                        Field.number("maximum_expiration").standard(0L).rule(Rule.between(0, 31_536_000)),
                        Field.set("header_names", Field.string("name")).standard(List.of("authorization")));
    }

    private static PluginSchema keyAuth() {
        return plugin("key-auth")
                .config(
                        Field.array("key_names", PluginFields.header("name"))
                                .standard(List.of("apikey"))
                                .required(),
                        flag("hide_credentials", false),
                        anonymous(),
                        flag("key_in_header", true).since(2, 3),
                        flag("key_in_query", true).since(2, 3),
                        flag("key_in_body", false),
                        flag("run_on_preflight", true));
    }

    private static PluginSchema ldapAuth() {
        return plugin("ldap-auth")
                .check(new EntityCheck.RuleWhen(
                        "config.ldaps",
                        Boolean.TRUE::equals,
                        "config.start_tls",
                        start -> Boolean.TRUE.equals(start) ? "value must not be true" : null,
                        TWO_KINDS_OF_TLS))
                .config(
                        host("ldap_host").required(),
                        CommonFields.port("ldap_port").standard(389L).required(),
                        flag("ldaps", false),
                        flag("start_tls", false),
                        flag("verify_ldap_host", false),
                        Field.string("base_dn").required(),
                        Field.string("attribute").required(),
                        Field.number("cache_ttl").standard(60L).required(),
                        flag("hide_credentials", false),
                        Field.number("timeout").standard(10_000L),
                        Field.number("keepalive").standard(60_000L),
                        anonymous(),
                        Field.string("header_type").standard("ldap"));
    }

    private static PluginSchema oauth2() {
        return plugin("oauth2")
                .requiredWhen("mandatory_scope", Boolean.TRUE::equals, "scopes")
                .config(
                        AuthenticationPlugins::grants,
                        Stream.of(
                                        Stream.of(
                                                texts("scopes"),
                                                flag("mandatory_scope", false),
                                                Field.string("provision_key")
                                                        .unique()
                                                        .auto(Field.Auto.RANDOM)
                                                        .required(),
                                                Field.number("token_expiration")
                                                        .standard(7200L)
                                                        .required()),
                                        GRANTS.stream().map(grant -> flag(grant, false)),
                                        Stream.of(
                                                flag("hide_credentials", false),
                                                flag("accept_http_if_already_terminated", false),
                                                anonymous(),
                                                flag("global_credentials", false),
                                                Field.string("auth_header_name").standard("authorization"),
                                                Field.number("refresh_token_ttl")
                                                        .standard(1_209_600L)
                                                        .required()
                                                        .rule(Rule.between(0, 100_000_000)),
                                                flag("reuse_refresh_token", false),
                                                choice("pkce", "none", "lax", "strict")
                                                        .standard("lax")
                                                        .since(2, 1)))
                                .flatMap(fields -> fields)
                                .toArray(Field.Builder[]::new));
    }

    private static String grants(Map<?, ?> config) {
        return GRANTS.stream().anyMatch(grant -> Boolean.TRUE.equals(config.get(grant))) ? null : ONE_GRANT;
    }

    /* The standard secret is random, yet the same as long as the process runs: clients compare with the schema's. */
    private static PluginSchema session() {
        return plugin("session")
                .config(
                        Field.string("secret").standard(RandomText.of(32)),
                        Field.string("cookie_name").standard("session"),
                        Field.number("cookie_lifetime").standard(3600L),
                        Field.number("cookie_idletime"),
                        Field.number("cookie_renew").standard(600L),
                        Field.string("cookie_path").standard("/"),
                        Field.string("cookie_domain"),
                        choice("cookie_samesite", "Strict", "Lax", "None", "off")
                                .standard("Strict"),
                        Field.bool("cookie_httponly").standard(true),
                        Field.bool("cookie_secure").standard(true),
                        Field.number("cookie_discard").standard(10L),
                        choice("storage", "cookie", "kong").standard("cookie"),
                        choices("logout_methods", "GET", "POST", "DELETE").standard(List.of("POST", "DELETE")),
                        Field.string("logout_query_arg").standard("session_logout"),
                        Field.string("logout_post_arg").standard("session_logout"));
    }
}
