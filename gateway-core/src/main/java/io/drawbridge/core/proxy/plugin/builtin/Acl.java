package io.drawbridge.core.proxy.plugin.builtin;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.proxy.plugin.ConfigData;
import io.drawbridge.core.proxy.plugin.Exchange;
import io.drawbridge.core.proxy.plugin.Plugin;
import io.drawbridge.core.proxy.plugin.Verdict;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code acl}: lets consumers in, or keeps them out, by their groups. Immutable. */
final class Acl implements Plugin {
    private static final ConfigData.Field CONSUMER = ConfigData.Field.reference("consumer");
    private static final Future<Verdict> UNKNOWN = Verdict.refuse(401, "Unauthorized", Map.of());
    private static final Future<Verdict> REFUSED = Verdict.refuse(403, "You cannot consume this service", Map.of());

    private final Set<String> allow;
    private final Set<String> deny;
    private final boolean hide;

    Acl(Settings settings) {
        this.allow = groups(settings, "allow", "whitelist");
        this.deny = groups(settings, "deny", "blacklist");
        this.hide = settings.flag("hide_groups_header", false);
        if (allow.isEmpty() == deny.isEmpty()) {
            throw new IllegalArgumentException("one of allow and deny must have groups");
        }
    }

    /* The second name is that of releases before 2.1. */
    private static Set<String> groups(Settings settings, String name, String before) {
        List<String> groups = settings.texts(name);
        return Set.copyOf(groups.isEmpty() ? settings.texts(before) : groups);
    }

    @Override
    public Future<Verdict> access(Exchange exchange) {
        exchange.headers().remove(Caller.GROUPS);
        Optional<Entity> consumer = exchange.consumer();
        if (consumer.isEmpty()) {
            return UNKNOWN;
        }
        List<String> groups = exchange
                .config()
                .allBy("acls", CONSUMER, consumer.get().id())
                .stream()
                .map(member -> (String) member.get("group"))
                .sorted()
                .toList();
        if (deny.isEmpty()
                ? groups.stream().noneMatch(allow::contains)
                : groups.stream().anyMatch(deny::contains)) {
            return REFUSED;
        }
        if (!hide && !groups.isEmpty()) {
            exchange.headers().set(Caller.GROUPS, String.join(", ", groups));
        }
        return Verdict.PASS;
    }
}
