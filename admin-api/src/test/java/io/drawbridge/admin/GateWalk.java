package io.drawbridge.admin;

import io.drawbridge.admin.AdminNode.Answer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Every write that a node's table of routes knows, as requests that would be right. */
final class GateWalk {
    /* Not entities: their own rules apply. */
    private static final List<String> ACTIONS = List.of("/migrations/up", "/migrations/finish", "/migrations/abort");

    /* Nothing is ever written there. */
    private static final Pattern READS = Pattern.compile("/tags.*|/schemas/.*|/cache.*|/proxy-cache.*|/config");
    /* A DELETE by way of a reference is refused anyhow. */
    private static final Pattern REFERENCE =
            Pattern.compile("/.*/(service|route|credential|consumer|upstream|certificate|client_certificate)");
    private static final String BOUNDARY = "walk";

    private GateWalk() {}

    /** How a body is written down. */
    enum Encoding {
        JSON("application/json") {
            @Override
            String text(String json) {
                return json;
            }
        },
        FORM("application/x-www-form-urlencoded") {
            @Override
            String text(String json) {
                return arguments(json).entrySet().stream()
                        .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                        .collect(Collectors.joining("&"));
            }
        },
        MULTIPART("multipart/form-data; boundary=" + BOUNDARY) {
            @Override
            String text(String json) {
                return arguments(json).entrySet().stream()
                                .map(each -> "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\""
                                        + each.getKey() + "\"\r\n\r\n" + each.getValue() + "\r\n")
                                .collect(Collectors.joining())
                        + "--" + BOUNDARY + "--\r\n";
            }
        };

        private final String type;

        Encoding(String type) {
            this.type = type;
        }

        abstract String text(String json);
    }

    /**
     * A request.
     *
     * @param body JSON, null for none
     */
    record Write(RouteTable.Route route, HttpMethod method, String path, String body) {
        boolean byReference() {
            return method.equals(HttpMethod.DELETE) && REFERENCE.matcher(path).matches();
        }

        Answer send(AdminNode to, Encoding encoding) {
            return body == null
                    ? to.send(method.name(), path, null, null)
                    : to.send(method.name(), path, encoding.type, encoding.text(body));
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** All of them; what deletes comes last. */
    static List<Write> of(AdminNode node, Examples examples) {
        List<Write> writes = new ArrayList<>();
        List<Write> deletes = new ArrayList<>();
        for (RouteTable.Route route : node.server.routes().routes()) {
            if (ACTIONS.contains(route.pattern())
                    || READS.matcher(route.pattern()).matches()) {
                continue;
            }
            for (HttpMethod method : route.handlers().keySet()) {
                if (method.equals(HttpMethod.DELETE)) {
                    deletes.add(new Write(route, method, examples.path(route.pattern()), null));
                } else if (!method.equals(HttpMethod.GET)) {
                    String body = examples.body(route.pattern()).replace('\'', '"');
                    writes.add(new Write(route, method, examples.path(route.pattern()), body));
                }
            }
        }
        /* What is referred to goes after what refers to it. */
        Collections.reverse(deletes);
        writes.addAll(deletes);
        return writes;
    }

    private static Map<String, String> arguments(String json) {
        Map<String, String> arguments = new LinkedHashMap<>();
        put(arguments, "", new JsonObject(json));
        return arguments;
    }

    private static void put(Map<String, String> arguments, String name, Object value) {
        if (value instanceof JsonObject object) {
            object.forEach(each ->
                    put(arguments, name.isEmpty() ? each.getKey() : name + "." + each.getKey(), each.getValue()));
        } else if (value instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                put(arguments, name + "[" + (i + 1) + "]", array.getValue(i));
            }
        } else {
            arguments.put(name, String.valueOf(value));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
