package io.drawbridge.core.entity;

import io.drawbridge.core.entity.Field.Builder;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** What consumers identify themselves with, by plugin. */
final class CredentialTypes {
    private static final BiConsumer<Map<String, Object>, Violations> AS_GIVEN = (input, found) -> {};

    static final EntityType KEY_AUTH = type(
            "keyauth_credentials",
            "key-auths",
            "key-auth",
            "key",
            List.of(),
            CommonFields.consumer(),
            Field.string("key").unique().secret().auto(Field.Auto.RANDOM),
            CommonFields.tags(),
            CommonFields.ttl().since(1, 4));

    static final EntityType BASIC_AUTH = type(
                    "basicauth_credentials",
                    "basic-auths",
                    "basic-auth",
                    "username",
                    List.of(),
                    CommonFields.consumer(),
                    Field.string("username").required().unique(),
                    Field.string("password").required().secret(),
                    CommonFields.tags())
            .reading(CredentialTypes::passwordWithConsumer)
            .deriving(CredentialTypes::hashed);

    static final EntityType ACL = type(
                    "acls",
                    "acls",
                    "acls",
                    null,
                    List.of(),
                    CommonFields.consumer(),
                    Field.string("group").required(),
                    CommonFields.tags())
            .uniqueTogether("consumer", "group");

    static final EntityType HMAC_AUTH = type(
            "hmacauth_credentials",
            "hmac-auths",
            "hmac-auth",
            "username",
            List.of(),
            CommonFields.consumer(),
            Field.string("username").required().unique(),
            Field.string("secret").secret().auto(Field.Auto.RANDOM),
            CommonFields.tags());

    static final EntityType JWT = type(
            "jwt_secrets",
            "jwts",
            "jwt",
            "key",
            List.of(new EntityCheck.RuleWhen(
                    "algorithm",
                    Set.<Object>of("RS256", "RS384", "RS512")::contains,
                    "rsa_public_key",
                    key -> key == null ? "required field missing" : Pem.publicKey((String) key))),
            CommonFields.consumer(),
            Field.string("key").unique().secret().auto(Field.Auto.RANDOM),
            Field.string("secret").secret().auto(Field.Auto.RANDOM),
            Field.string("rsa_public_key"),
            Field.string("algorithm")
                    .standard("HS256")
                    .rule(Rule.oneOf("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384")),
            CommonFields.tags());

    static final EntityType OAUTH2 = type(
                    "oauth2_credentials",
                    "oauth2",
                    "oauth2",
                    "client_id",
                    List.of(),
                    CommonFields.consumer(),
                    Field.string("name").required(),
                    Field.string("client_id").unique().secret().auto(Field.Auto.RANDOM),
                    Field.string("client_secret").secret().auto(Field.Auto.RANDOM),
                    Field.bool("hash_secret").standard(false).required().since(2, 1),
                    Field.array("redirect_uris", Field.string("uri").rule(Rule.text(CredentialTypes::redirect))),
                    CommonFields.tags(),
                    Field.string("client_type")
                            .standard("confidential")
                            .required()
                            .rule(Rule.oneOf("confidential", "public"))
                            .since(2, 0))
            .deriving(CredentialTypes::secretHashed);

    static final EntityType OAUTH2_TOKEN = type(
            "oauth2_tokens",
            "oauth2_tokens",
            "oauth2_tokens",
            "access_token",
            List.of(),
            Field.foreign("service", "services").cascade(),
            Field.foreign("credential", "oauth2_credentials").required().cascade(),
            Field.string("token_type").standard("bearer").required().rule(Rule.oneOf("bearer")),
            Field.integer("expires_in").required().sql("integer").rule(Rule.between(0, Integer.MAX_VALUE)),
            Field.string("access_token").unique().secret().auto(Field.Auto.RANDOM),
            Field.string("refresh_token").unique().secret(),
            Field.string("authenticated_userid"),
            Field.string("scope"),
            CommonFields.ttl());

    static final EntityType OAUTH2_CODE = type(
            "oauth2_authorization_codes",
            "oauth2_authorization_codes",
            "oauth2_authorization_codes",
            "code",
            List.of(),
            Field.foreign("service", "services").cascade(),
            Field.foreign("credential", "oauth2_credentials").required().cascade(),
            Field.string("code").unique().secret().auto(Field.Auto.RANDOM),
            Field.string("authenticated_userid"),
            Field.string("scope"),
            Field.string("challenge").since(2, 1),
            Field.string("challenge_method").rule(Rule.oneOf("S256")).since(2, 1),
            CommonFields.ttl());

    private CredentialTypes() {}

    private static EntityType type(
            String name, String path, String nested, String key, List<EntityCheck> checks, Builder... fields) {
        return new EntityType(
                name,
                path,
                nested,
                key,
                true,
                Stream.concat(Stream.of(CommonFields.id(), CommonFields.createdAt()), Stream.of(fields))
                        .map(Builder::build)
                        .toList(),
                checks,
                AS_GIVEN);
    }

    /* What the plugins compare with: SHA-1 of the password followed by the consumer's id. Only a password that was just given
    is one; another is its hash already. */
    private static Map<String, Object> hashed(Map<String, Object> values, Set<String> given) {
        if (!given.contains("password") || !(values.get("consumer") instanceof Map<?, ?> consumer)) {
            return values;
        }
        Map<String, Object> derived = new LinkedHashMap<>(values);
        derived.put("password", sha1(values.get("password") + String.valueOf(consumer.get("id"))));
        return derived;
    }

    /* A hash depends on whose password it is. A change may leave out the consumer, which stays. */
    private static void passwordWithConsumer(Map<String, Object> input, Violations found) {
        boolean password = input.get("password") != null;
        boolean consumer = input.get("consumer") != null;
        if (consumer && !password || password && !consumer && !found.updating()) {
            found.entity("all or none of these fields must be set: 'password', 'consumer.id'");
        }
    }

    private static Map<String, Object> secretHashed(Map<String, Object> values, Set<String> given) {
        if (!Boolean.TRUE.equals(values.get("hash_secret"))
                || !given.contains("hash_secret") && !given.contains("client_secret")
                || !(values.get("client_secret") instanceof String secret)
                || SecretHash.recognizes(secret)) {
            return values;
        }
        Map<String, Object> derived = new LinkedHashMap<>(values);
        derived.put("client_secret", SecretHash.of(secret, UUID.fromString((String) values.get("id"))));
        return derived;
    }

    private static String sha1(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String redirect(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getScheme() == null || uri.getHost() == null) {
                return "cannot parse '" + text + "'";
            }
            return uri.getFragment() == null ? null : "fragment not allowed in '" + text + "'";
        } catch (URISyntaxException malformed) {
            return "cannot parse '" + text + "'";
        }
    }
}
