package io.drawbridge.core.proxy;

import io.drawbridge.core.proxy.plugin.Exchange;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.streams.WriteStream;

/**
 * A request as its service gets it, whichever target takes it. Confined to the event loop of the request.
 *
 * @param path at the service, without query
 * @param preservedHost what the client called this node, if the service is to see that; else null
 * @param upgrade the protocol that it asks to change to; null if none
 */
record Outgoing(Call call, Destination destination, String path, String preservedHost, String upgrade) {
    static Outgoing of(Call call, Destination destination, String path, String preservedHost) {
        /* What came with a body, the other protocol would take for its own. */
        String upgrade = call.body().isPresent() ? null : Tunnel.wanted(call.request());
        return new Outgoing(call, destination, path, preservedHost, upgrade);
    }

    private String name(Target target) {
        return preservedHost == null ? target.name() : Target.withoutPort(preservedHost);
    }

    /** Who has connections to a target; null if there are too many of them. */
    HttpClient client(Target target) {
        return call.means()
                .clients()
                .get(destination.setup(), destination.grpc(), destination.tls() && Target.canBeAskedFor(name(target)));
    }

    /** How to get a connection to a target. */
    RequestOptions options(Target target) {
        String query = call.exchange().query();
        return new RequestOptions()
                .setServer(target.address())
                .setHost(destination.tls() ? name(target) : target.name())
                .setPort(target.address().port())
                .setSsl(destination.tls())
                .setMethod(call.request().method())
                .setURI(query == null ? path : path + "?" + query)
                .setConnectTimeout(destination.connectMillis());
    }

    /** Writes down its head. */
    void head(HttpClientRequest request, Target target) {
        MultiMap headers = request.headers();
        headers.addAll(call.exchange().headers());
        String host = preservedHost == null ? target.host(destination.tls()) : preservedHost;
        if (destination.grpc()) {
            headers.remove(HttpHeaders.HOST);
            headers.set("te", "trailers");
            request.authority(HostAndPort.parseAuthority(host, -1));
        } else {
            headers.set(HttpHeaders.HOST, host);
        }
        if (upgrade != null) {
            headers.set(HttpHeaders.CONNECTION, "upgrade").set(HttpHeaders.UPGRADE, upgrade);
        }
    }

    /**
     * Sends it if it is complete now.
     *
     * @return the body's way, not begun; null if nothing is left to be sent
     */
    Flow body(HttpClientRequest request) {
        RequestBody body = call.body();
        Exchange exchange = call.exchange();
        Buffer whole = exchange.replacedBody().orElse(body.read());
        if (whole != null) {
            request.headers().remove(HttpHeaders.CONTENT_LENGTH);
            request.end(whole);
            return null;
        }
        if (!body.isPresent()) {
            request.end();
            return null;
        }
        if (destination.grpc()) {
            request.setChunked(true).sendHead();
        }
        return new Flow(call.request(), request) {
            /* Only now is it sure that there is a body at all. */
            @Override
            void write(WriteStream<Buffer> stream, Buffer chunk) {
                if (!request.isChunked() && !body.isSized()) {
                    request.setChunked(true);
                }
                super.write(stream, chunk);
            }
        };
    }
}
