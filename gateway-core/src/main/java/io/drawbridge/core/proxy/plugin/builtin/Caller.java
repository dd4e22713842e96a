package io.drawbridge.core.proxy.plugin.builtin;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.proxy.plugin.Exchange;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** How services are told who calls: by headers that are this node's alone to set. */
final class Caller {
    static final String GROUPS = "X-Consumer-Groups";

    private static final String ID = "X-Consumer-ID";
    private static final String CUSTOM_ID = "X-Consumer-Custom-ID";
    private static final String USERNAME = "X-Consumer-Username";
    private static final String CREDENTIAL = "X-Credential-Identifier";
    private static final String ANONYMOUS = "X-Anonymous-Consumer";
    private static final Set<String> OURS = ours();

    private Caller() {}

    /** Nobody is known: takes away what a client said of itself, underscores for dashes included, as CGI reads them. */
    static void forget(MultiMap headers) {
        List<String> forged = new ArrayList<>();
        headers.forEach((name, value) -> {
            if (OURS.contains(name) || name.indexOf('_') >= 0 && OURS.contains(name.replace('_', '-'))) {
                forged.add(name);
            }
        });
        forged.forEach(headers::remove);
    }

    /** @param proof null for the anonymous consumer */
    static void known(Exchange exchange, Entity consumer, Entity proof) {
        exchange.authenticated(consumer, proof);
        MultiMap headers = exchange.headers();
        forget(headers);
        tell(headers, ID, consumer.get("id"));
        tell(headers, CUSTOM_ID, consumer.get("custom_id"));
        tell(headers, USERNAME, consumer.get("username"));
        if (proof == null) {
            headers.set(ANONYMOUS, "true");
        } else {
            tell(headers, CREDENTIAL, proof.get("id"));
        }
    }

    private static void tell(MultiMap headers, String name, Object value) {
        if (value != null) {
            headers.set(name, (String) value);
        }
    }

    private static Set<String> ours() {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(List.of(ID, CUSTOM_ID, USERNAME, CREDENTIAL, "X-Credential-Username", ANONYMOUS, GROUPS));
        return names;
    }
}
