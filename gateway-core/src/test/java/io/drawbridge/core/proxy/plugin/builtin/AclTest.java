package io.drawbridge.core.proxy.plugin.builtin;

import static io.drawbridge.core.proxy.plugin.Given.ALICE;
import static io.drawbridge.core.proxy.plugin.Given.answer;
import static io.drawbridge.core.proxy.plugin.Given.reference;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.proxy.plugin.Exchange;
import io.drawbridge.core.proxy.plugin.Given;
import io.drawbridge.core.proxy.plugin.Verdict;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AclTest {
    private static final Entity STAFF = group(20, "staff");
    private static final Entity ADMIN = group(21, "admin");

    @Test
    void access_noConsumer_is401() {
        for (String list : List.of("allow", "deny")) {
            Verdict.Answer answer = answer(access(exchange(null), Map.of(list, List.of("staff"))));
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body().toString()).isEqualTo("{\"message\":\"Unauthorized\"}");
        }
    }

    @Test
    void access_lists_decideByGroup() {
        for (String allow : List.of("allow", "whitelist")) {
            passes(Map.of(allow, List.of("x", "admin")), STAFF, ADMIN);
            refuses(Map.of(allow, List.of("x")), STAFF, ADMIN);
            refuses(Map.of(allow, List.of("staff")));
        }
        for (String deny : List.of("deny", "blacklist")) {
            refuses(Map.of(deny, List.of("x", "admin")), STAFF, ADMIN);
            passes(Map.of(deny, List.of("x")), STAFF, ADMIN);
            passes(Map.of(deny, List.of("staff")));
        }
    }

    @Test
    void access_groups_areToldUnlessHidden() {
        Map<String, Object> config = Map.of("allow", List.of("staff"));
        Exchange told = exchange(ALICE, STAFF, ADMIN);
        told.headers().set("X-Consumer-Groups", "root");
        assertThat(access(told, config)).isSameAs(Verdict.PASS);
        assertThat(told.headers().getAll("X-Consumer-Groups")).containsExactly("admin, staff");
        Exchange hidden = exchange(ALICE, STAFF);
        hidden.headers().set("X-Consumer-Groups", "root");
        assertThat(access(hidden, Map.of("allow", List.of("staff"), "hide_groups_header", true)))
                .isSameAs(Verdict.PASS);
        assertThat(hidden.headers().contains("X-Consumer-Groups")).isFalse();
    }

    @Test
    void create_bothListsOrNone_isRefused() {
        for (Map<String, Object> config : List.<Map<String, Object>>of(
                Map.of(), Map.of("allow", List.of()), Map.of("allow", List.of("a"), "deny", List.of("b")))) {
            assertThatThrownBy(() -> plugin(config))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("one of allow and deny must have groups");
        }
    }

    private static void passes(Map<String, Object> config, Entity... groups) {
        assertThat(access(exchange(ALICE, groups), config)).isSameAs(Verdict.PASS);
    }

    private static void refuses(Map<String, Object> config, Entity... groups) {
        Verdict.Answer answer = answer(access(exchange(ALICE, groups), config));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body().toString()).isEqualTo("{\"message\":\"You cannot consume this service\"}");
    }

    private static Future<Verdict> access(Exchange exchange, Map<String, Object> config) {
        return plugin(config).access(exchange);
    }

    /* As a data plane of an older configuration has it: without what this release would complete. */
    private static Acl plugin(Map<String, Object> config) {
        return new Acl(new Settings(config));
    }

    private static Exchange exchange(Entity consumer, Entity... groups) {
        Exchange exchange = Given.exchange(groups);
        if (consumer != null) {
            exchange.authenticated(consumer, null);
        }
        return exchange;
    }

    private static Entity group(int number, String name) {
        return Given.entity("acls", number, Map.of("group", name, "consumer", reference(ALICE)));
    }
}
