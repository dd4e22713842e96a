package io.drawbridge.core.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;

/** A connection that client and service speak another protocol over, such as WebSocket. Confined to the event loop of the request. */
final class Tunnel {
    private final Call call;
    private final HttpClientResponse answer;
    private final Runnable end;
    private NetSocket near;
    private NetSocket far;
    private Flow up;
    private Flow down;
    private final long began = System.nanoTime();

    /** @param end when it is closed */
    Tunnel(Call call, HttpClientResponse answer, Runnable end) {
        this.call = call;
        this.answer = answer;
        this.end = end;
    }

    /** The protocol that a request wants to change to, if it is one that is let through; else null. */
    static String wanted(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_1_1) {
            return null;
        }
        MultiMap headers = request.headers();
        String upgrade = headers.get(HttpHeaders.UPGRADE);
        String connection = upgrade == null ? null : headers.get(HttpHeaders.CONNECTION);
        return connection != null && upgrade.equalsIgnoreCase("websocket") && HopByHop.names(connection, "upgrade")
                ? upgrade
                : null;
    }

    void start() {
        far = answer.netSocket();
        far.pause();
        HttpServerResponse response = call.response();
        Reply.head(call, answer, call.arrived());
        response.setStatusCode(101);
        response.putHeader(HttpHeaders.CONNECTION, "upgrade");
        response.putHeader(HttpHeaders.UPGRADE, answer.getHeader(HttpHeaders.UPGRADE));
        call.request().toNetSocket().onSuccess(this::join).onFailure(failed -> close());
    }

    private void join(NetSocket socket) {
        near = socket;
        up = new Flow(near, far);
        down = new Flow(far, near);
        near.closeHandler(closed -> close());
        far.closeHandler(closed -> close());
        up.start(this::close, failed -> close());
        down.start(this::close, failed -> close());
    }

    /** At both ends. */
    void close() {
        far.close();
        if (near != null) {
            near.close();
        }
        end.run();
    }

    /** When something came last, from either side, by {@link System#nanoTime}. */
    long moved() {
        return up == null ? began : Math.max(up.moved(), down.moved());
    }

    long in() {
        return up == null ? 0 : up.bytes();
    }

    long out() {
        return down == null ? 0 : down.bytes();
    }
}
