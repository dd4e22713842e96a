package io.drawbridge.core.proxy;

import io.drawbridge.core.proxy.plugin.Exchange;
import io.drawbridge.core.proxy.plugin.Verdict;
import io.drawbridge.core.proxy.route.Refusal;
import io.drawbridge.core.proxy.route.RouteMatch;
import io.drawbridge.core.proxy.route.RouteQuery;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with a request: find its route, ask the plugins, send it on. Confined to its event loop. */
final class ProxyHandler implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyHandler.class);
    private static final String BAD = "Bad request";
    private static final String UNEXPECTED = "An unexpected error occurred";

    private final Means means;

    ProxyHandler(Means means) {
        this.means = means;
    }

    @Override
    public void handle(HttpServerRequest request) {
        ClientConnection client = means.watch().client(request.connection());
        if (client.isEnding()) {
            return;
        }
        Call call = new Call(means, request, client);
        try {
            route(call);
        } catch (RuntimeException bug) {
            fail(call, bug);
        }
    }

    private static void fail(Call call, Throwable bug) {
        LOG.error("request failed method={}", call.request().method(), bug);
        call.refuse(500, UNEXPECTED);
    }

    private void route(Call call) {
        Asked asked = call.body().isFramed() ? Asked.of(call.request()) : null;
        if (asked == null) {
            call.refuse(400, BAD);
            return;
        }
        ClientConnection client = call.client();
        MultiMap headers = call.request().headers();
        boolean believed = means.front().isTrusted(client.peer());
        String scheme = means.front().scheme(believed, call.request().isSSL(), headers);
        RouteMatch match = call.routing()
                .router()
                .match(new RouteQuery(
                        scheme,
                        call.request().version() == HttpVersion.HTTP_2,
                        call.request().method().name(),
                        asked.authority(),
                        client.port(),
                        asked.path(),
                        client.sni(),
                        headers))
                .orElse(null);
        if (match == null) {
            call.refuse(404, "no Route matched with those values");
        } else if (match.refused() != null) {
            refuse(call, asked, match.refused());
        } else {
            admit(call, asked, match, scheme, believed);
        }
    }

    private static void refuse(Call call, Asked asked, Refusal refusal) {
        if (refusal instanceof Refusal.Redirect redirect) {
            String query = asked.query() == null ? "" : "?" + asked.query();
            call.answer(
                    redirect.status(),
                    Map.of("Location", "https://" + asked.host() + asked.path() + query),
                    Buffer.buffer());
        } else if (refusal instanceof Refusal.Answer answer) {
            if (answer.message() == null) {
                call.answer(answer.status(), answer.headers(), Buffer.buffer());
            } else {
                call.refuse(answer.status(), answer.message(), answer.headers());
            }
        }
    }

    private void admit(Call call, Asked asked, RouteMatch match, String scheme, boolean believed) {
        HttpServerRequest request = call.request();
        String client = means.front().client(believed, call.client().peer(), request.headers());
        MultiMap headers = endToEnd(request);
        if (headers == null) {
            call.refuse(400, BAD);
            return;
        }
        headers.remove(HttpHeaders.EXPECT);
        joinCookies(headers);
        means.front()
                .describe(
                        headers,
                        believed,
                        call.client(),
                        new Front.Told(asked, client, request.isSSL()),
                        match.strippedPath());
        Exchange exchange = new Exchange(
                new Exchange.Incoming(
                        request.method().name(),
                        scheme,
                        asked.host(),
                        asked.path(),
                        asked.query(),
                        client,
                        call.client().server(),
                        call.arrived()),
                headers,
                match.route(),
                match.service(),
                call.routing().data(),
                () -> call.body().readAll(means.options().limits().bodyBytes()));
        call.exchange(exchange);
        Future<Verdict> verdict = call.routing().plugins().access(exchange);
        if (verdict.succeeded()) {
            decided(call, asked, match, verdict.result());
        } else {
            verdict.onComplete(outcome -> decided(call, asked, match, outcome));
        }
    }

    /* HTTP/2 takes them apart, and HTTP/1.1 allows one line only (RFC 9113 section 8.2.3). */
    private static void joinCookies(MultiMap headers) {
        if (headers.contains(HttpHeaders.COOKIE)) {
            List<String> crumbs = headers.getAll(HttpHeaders.COOKIE);
            if (crumbs.size() > 1) {
                headers.set(HttpHeaders.COOKIE, String.join("; ", crumbs));
            }
        }
    }

    /** Null if there is text among them that would be more than one line of HTTP/1.1. */
    private static MultiMap endToEnd(HttpServerRequest request) {
        MultiMap headers = HttpHeaders.headers();
        try {
            HopByHop.copyOthers(request.headers(), headers);
            return headers;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    private void decided(Call call, Asked asked, RouteMatch match, AsyncResult<Verdict> outcome) {
        try {
            if (outcome.succeeded()) {
                decided(call, asked, match, outcome.result());
            } else {
                fail(call, outcome.cause());
            }
        } catch (RuntimeException bug) {
            fail(call, bug);
        }
    }

    private void decided(Call call, Asked asked, RouteMatch match, Verdict verdict) {
        if (verdict instanceof Verdict.Answer answer) {
            call.answer(answer.status(), answer.headers(), answer.body());
            return;
        }
        if (match.service() == null) {
            call.refuse(503, "no Service found with those values");
            return;
        }
        Destination destination = call.routing().destinations().of(match.service());
        boolean preserved = Boolean.TRUE.equals(match.route().get("preserve_host"));
        new Forward(call, destination, match.upstreamPath(), preserved ? asked.authority() : null).start();
    }
}
