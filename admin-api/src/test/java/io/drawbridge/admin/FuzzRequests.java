package io.drawbridge.admin;

import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Requests that go nearly where they should, with bodies that are nearly right. Confined to its thread. */
final class FuzzRequests {
    private static final String BOUNDARY = "fuzz";
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE", "get", "X-Y");
    /* In the place of a name in a URL. */
    private static final List<String> SEGMENTS = List.of(
            "%00",
            "%ff%fe",
            "%c3%28",
            "%zz",
            "%",
            "%2",
            "..",
            ".",
            "%2e%2e",
            "a%2Fb",
            "a+b",
            "a%20b",
            "%0d%0aX:1",
            "%ed%a0%80",
            "%F0%9F%98%80",
            "n%c3%a9",
            "00000000-0000-0000-0000-000000000000",
            "ABCDEFAB-0000-4000-8000-00000000000a",
            "00000000-0000-0000-0000-00000000000",
            "00000000-0000-0000-0000-0000000000000",
            "null",
            "-1",
            "a;b=c",
            "'%20OR%201=1",
            "[::1]:1",
            "10.0.0.1:99999",
            "x".repeat(5000));
    private static final List<String> QUERIES = List.of(
            "size=0",
            "size=1",
            "size=1e3",
            "size=NaN",
            "size=-1",
            "size=999999999999999999999",
            "size=%00",
            "size=1.5",
            "offset=",
            "offset=%00",
            "offset=WzFd",
            "offset=W10%3D",
            "offset=WyJhIl0%3D",
            "offset=bnVsbA%3D%3D",
            "offset=Wy0xXQ%3D%3D",
            "offset=Wzk5OTk5OTk5OTk5OTk5XQ%3D%3D",
            "offset=eyJhIjoxfQ%3D%3D",
            "offset=W1tbW1tbW1tb",
            "tags=a,b",
            "tags=a/b",
            "tags=a,b/c",
            "tags=",
            "tags=,",
            "tags=%ff",
            "tags=a,b,c,d,e,f",
            "tags=%f0%9f%98%80",
            "custom_id=",
            "custom_id=%00",
            "custom_id=x",
            "balancer_health=maybe",
            "balancer_health=1",
            "unit=V",
            "scale=99",
            "dry_run=1",
            "=",
            "&&&",
            "%=%&a");
    private static final List<String> TYPES = List.of(
            "text/plain",
            "application/json; charset=latin1",
            "application/jsonx",
            "APPLICATION/JSON",
            "text/yaml",
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=\"" + "b".repeat(300) + "\"",
            "x-application/json");

    private final Random random;
    private final List<RouteTable.Route> routes;
    private final FuzzBodies bodies;
    private final Examples examples;

    FuzzRequests(Random random, List<RouteTable.Route> routes, FuzzBodies bodies, Examples examples) {
        this.random = random;
        this.routes = routes;
        this.bodies = bodies;
        this.examples = examples;
    }

    /**
     * @param route that the path was made for
     * @param path of the request
     * @param bytes what goes over the wire
     * @param last whether the connection is of no use afterwards
     */
    record Made(RouteTable.Route route, String method, String path, byte[] bytes, boolean last) {
        @Override
        public String toString() {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            return text.length() > 3000 ? text.substring(0, 3000) + "... of " + text.length() : text;
        }
    }

    Made next() {
        RouteTable.Route route = routes.get(random.nextInt(routes.size()));
        List<HttpMethod> known = new ArrayList<>(route.handlers().keySet());
        String method = random.nextInt(20) == 0
                ? METHODS.get(random.nextInt(METHODS.size()))
                : known.get(random.nextInt(known.size())).name();
        String path = path(route.pattern());
        if (random.nextInt(6) == 0) {
            path += "?" + QUERIES.get(random.nextInt(QUERIES.size()))
                    + (random.nextBoolean() ? "&" + QUERIES.get(random.nextInt(QUERIES.size())) : "");
        }
        Map<String, Object> values = bodies.values(route.type().orElse(null), route.pattern());
        String type;
        byte[] body;
        switch (random.nextInt(5)) {
            case 0 -> {
                type = "application/x-www-form-urlencoded";
                body = form(values);
            }
            case 1 -> {
                type = "multipart/form-data; boundary=" + BOUNDARY;
                body = multipart(values);
            }
            default -> {
                type = "application/json";
                body = FuzzBodies.json(values).getBytes(StandardCharsets.UTF_8);
            }
        }
        boolean writes = method.startsWith("P");
        if (!writes && random.nextInt(10) > 0) {
            body = new byte[0];
        }
        return made(
                route,
                method,
                path,
                random.nextInt(25) == 0 ? TYPES.get(random.nextInt(TYPES.size())) : type,
                random.nextInt(6) == 0 ? damaged(body) : body);
    }

    private Made made(RouteTable.Route route, String method, String path, String type, byte[] body) {
        boolean chunked = random.nextInt(8) == 0;
        boolean old = !chunked && random.nextInt(40) == 0;
        StringBuilder head = new StringBuilder()
                .append(method)
                .append(' ')
                .append(path)
                .append(old ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n")
                .append("Host: x\r\n");
        if (random.nextInt(30) > 0) {
            head.append("Content-Type: ").append(type).append("\r\n");
        }
        if (random.nextInt(30) == 0) {
            head.append("Expect: 100-continue\r\n");
        }
        if (random.nextInt(30) == 0) {
            head.append("X-Gateway-Expect-Release: ")
                    .append(bodies.word().replaceAll("[^!-~]", "?"))
                    .append("\r\n");
        }
        head.append(chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: " + body.length + "\r\n\r\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
        if (chunked) {
            int half = body.length / 2;
            chunk(bytes, Arrays.copyOf(body, half));
            chunk(bytes, Arrays.copyOfRange(body, half, body.length));
            bytes.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        } else {
            bytes.writeBytes(body);
        }
        return new Made(route, method, path, bytes.toByteArray(), old);
    }

    private static void chunk(ByteArrayOutputStream bytes, byte[] data) {
        if (data.length > 0) {
            bytes.writeBytes((Integer.toHexString(data.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(data);
            bytes.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private String path(String pattern) {
        String path = pattern;
        for (Map.Entry<String, String> name : examples.names().entrySet()) {
            path = path.replace("{" + name.getKey() + "}", random.nextInt(8) == 0 ? segment() : name.getValue());
        }
        path = path.replaceAll("\\{[^}]*}", random.nextBoolean() ? "services" : "key-auth");
        return random.nextInt(40) == 0 ? path + "/" : path;
    }

    private String segment() {
        return random.nextInt(3) == 0 ? Percent.encode(bodies.word()) : SEGMENTS.get(random.nextInt(SEGMENTS.size()));
    }

    private byte[] form(Map<String, Object> values) {
        return bodies.arguments(values).stream()
                .map(argument -> argument.name() + "=" + Percent.encode(argument.value()))
                .collect(Collectors.joining("&"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] multipart(Map<String, Object> values) {
        StringBuilder text = new StringBuilder();
        bodies.arguments(values)
                .forEach(argument -> text.append("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"")
                        .append(argument.name())
                        .append("\"\r\n\r\n")
                        .append(argument.value())
                        .append("\r\n"));
        return text.append("--" + BOUNDARY + "--\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] damaged(byte[] body) {
        byte[] damaged = body.clone();
        if (damaged.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        return random.nextBoolean() ? Arrays.copyOf(damaged, random.nextInt(damaged.length + 1)) : damaged;
    }
}
