package io.drawbridge.core.proxy.plugin.builtin;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.proxy.plugin.ConfigData;
import io.drawbridge.core.proxy.plugin.Exchange;
import io.drawbridge.core.proxy.plugin.Plugin;
import io.drawbridge.core.proxy.plugin.Verdict;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;

/** {@code key-auth}: who calls is known by a key in the headers, the query or the body. Immutable. */
final class KeyAuth implements Plugin {
    private static final ConfigData.Field KEY = ConfigData.Field.value("key");
    private static final ConfigData.Field USERNAME = ConfigData.Field.value("username");
    private static final Future<Verdict> MISSING =
            Verdict.refuse(401, "No API key found in request", Map.of("WWW-Authenticate", "Key realm=\"kong\""));
    private static final Future<Verdict> DUPLICATE = Verdict.refuse(401, "Duplicate API key found", Map.of());
    private static final Future<Verdict> INVALID = Verdict.refuse(401, "Invalid authentication credentials", Map.of());
    private static final Future<Verdict> UNREADABLE = Verdict.refuse(400, "Cannot process request body", Map.of());

    private final InstantSource clock;
    private final List<String> names;
    private final boolean inHeader;
    private final boolean inQuery;
    private final boolean inBody;
    private final boolean hide;
    private final boolean preflight;
    private final String anonymous;

    KeyAuth(Settings settings, InstantSource clock) {
        this.clock = clock;
        this.names = settings.texts("key_names");
        this.inHeader = settings.flag("key_in_header", true);
        this.inQuery = settings.flag("key_in_query", true);
        this.inBody = settings.flag("key_in_body", false);
        this.hide = settings.flag("hide_credentials", false);
        this.preflight = settings.flag("run_on_preflight", true);
        this.anonymous = settings.text("anonymous");
        if (names.isEmpty()) {
            throw new IllegalArgumentException("key_names is empty");
        }
    }

    @Override
    public Future<Verdict> access(Exchange exchange) {
        if (exchange.credential().isPresent() && anonymous != null) {
            return Verdict.PASS;
        }
        Caller.forget(exchange.headers());
        if (!preflight && exchange.incoming().method().equals("OPTIONS")) {
            return Verdict.PASS;
        }
        if (!inBody) {
            return decide(exchange, null);
        }
        return exchange.body()
                .map(body -> BodyFields.of(exchange.headers().get("Content-Type"), body))
                .transform(read -> read.failed() ? orAnonymous(exchange, UNREADABLE) : decide(exchange, read.result()));
    }

    /** @param body null if keys are not looked for there */
    private Future<Verdict> decide(Exchange exchange, BodyFields body) {
        for (String name : names) {
            List<String> found = find(exchange, body, name);
            if (found.size() > 1) {
                return orAnonymous(exchange, DUPLICATE);
            }
            if (found.size() == 1) {
                if (hide) {
                    hide(exchange, body, name);
                }
                return found.get(0).isEmpty() ? orAnonymous(exchange, MISSING) : recognize(exchange, found.get(0));
            }
        }
        return orAnonymous(exchange, MISSING);
    }

    private List<String> find(Exchange exchange, BodyFields body, String name) {
        List<String> found = inHeader ? inHeaders(exchange.headers(), name) : List.of();
        if (found.isEmpty() && inQuery && exchange.query() != null) {
            found = FormText.values(exchange.query(), name);
        }
        return found.isEmpty() && body != null ? body.values(name) : found;
    }

    private static List<String> inHeaders(MultiMap headers, String name) {
        List<String> found = headers.getAll(name);
        return found.isEmpty() && name.indexOf('_') >= 0 ? headers.getAll(name.replace('_', '-')) : found;
    }

    /* Wherever it is, not only where it was found. */
    private static void hide(Exchange exchange, BodyFields body, String name) {
        exchange.headers().remove(name);
        exchange.headers().remove(name.replace('_', '-'));
        if (exchange.query() != null) {
            exchange.query(FormText.without(exchange.query(), name));
        }
        if (body != null && !body.values(name).isEmpty()) {
            exchange.replaceBody(body.without(name));
        }
    }

    private Future<Verdict> recognize(Exchange exchange, String key) {
        long now = clock.instant().getEpochSecond();
        for (Entity credential : exchange.config().allBy("keyauth_credentials", KEY, key)) {
            Optional<Entity> consumer = consumer(exchange, credential.reference("consumer"));
            if (consumer.isPresent() && isAlive(credential, now)) {
                Caller.known(exchange, consumer.get(), credential);
                return Verdict.PASS;
            }
        }
        return orAnonymous(exchange, INVALID);
    }

    /* In a configuration the moment is told, not the time that is left. */
    private static boolean isAlive(Entity credential, long now) {
        return !(credential.get("ttl") instanceof Number ends) || now < ends.longValue();
    }

    private Future<Verdict> orAnonymous(Exchange exchange, Future<Verdict> refusal) {
        if (anonymous == null) {
            return refusal;
        }
        Optional<Entity> somebody = stranger(exchange);
        if (somebody.isEmpty()) {
            return Future.failedFuture(new NoSuchElementException("the anonymous consumer is not there"));
        }
        Caller.known(exchange, somebody.get(), null);
        return Verdict.PASS;
    }

    private Optional<Entity> stranger(Exchange exchange) {
        try {
            return consumer(exchange, UUID.fromString(anonymous));
        } catch (IllegalArgumentException name) {
            return exchange.config().findBy("consumers", USERNAME, anonymous);
        }
    }

    private static Optional<Entity> consumer(Exchange exchange, UUID id) {
        return id == null ? Optional.empty() : exchange.config().find("consumers", id);
    }
}
