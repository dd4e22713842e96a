package io.drawbridge.core.proxy;

import io.drawbridge.core.proxy.plugin.Exchange;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.AsyncResult;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request on its way to a service: tries targets until one takes it, then hands its answer over. Confined to its event loop. */
final class Forward extends Watch.Watched {
    private static final Logger LOG = LoggerFactory.getLogger(Forward.class);
    private static final String INVALID = "An invalid response was received from the upstream server";
    private static final String TIMEOUT = "The upstream server is timing out";
    private static final String NO_PEER = "failure to get a peer from the ring-balancer";
    private static final String NO_NAME = "name resolution failed";
    private static final String TOO_SLOW = "The request was not sent in time";

    private final Call call;
    private final Exchange exchange;
    private final Destination destination;
    private final Outgoing outgoing;
    private final long clientNanos;
    private final List<Target> tried = new ArrayList<>(1);
    private int tries;
    private HttpClientRequest upstream;
    private Flow sending;
    private Reply reply;
    private Tunnel tunnel;
    private long sentAt;
    private boolean done;

    /** @param preservedHost what the client called this node, if the service is to see that; else null */
    Forward(Call call, Destination destination, String path, String preservedHost) {
        this.call = call;
        this.exchange = call.exchange();
        this.destination = destination;
        this.outgoing = Outgoing.of(call, destination, path, preservedHost);
        this.clientNanos = call.means().options().limits().clientSilence().toNanos();
    }

    void start() {
        if (destination.unusable() != null) {
            call.refuse(502, INVALID);
            return;
        }
        call.means().watch().add(this);
        call.response().exceptionHandler(failed -> clientGone());
        call.response().closeHandler(closed -> clientGone());
        guarded(this::attempt);
    }

    private void attempt() {
        if (done) {
            return;
        }
        Target target = destination.balancer().next(candidate -> !tried.contains(candidate));
        if (target == null) {
            refuse(503, NO_PEER);
            return;
        }
        tries++;
        if (!tried.contains(target)) {
            tried.add(target);
        }
        HttpClient client = outgoing.client(target);
        if (client == null) {
            LOG.warn("request refused: too many ways to speak TLS with upstreams");
            refuse(502, INVALID);
            return;
        }
        client.request(outgoing.options(target)).onComplete(connected -> connected(target, connected));
    }

    private void connected(Target target, AsyncResult<HttpClientRequest> connected) {
        if (done) {
            if (connected.succeeded()) {
                connected.result().exceptionHandler(expected -> {}).reset();
            }
        } else if (connected.failed()) {
            again(connected.cause());
        } else {
            guarded(() -> send(target, connected.result()));
        }
    }

    /* What one side says may be nothing that can be said to the other. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException unsayable) {
            LOG.warn("request not passed on reason={}", unsayable.toString());
            if (upstream != null) {
                abandon(upstream);
            }
            refuse(502, INVALID);
        }
    }

    /* Nothing of the request was sent. Not from here: thousands of tries would nest. */
    private void again(Throwable cause) {
        LOG.debug("no connection to upstream try={} reason={}", tries, cause.toString());
        if (tries <= destination.retries()) {
            call.means().context().runOnContext(next -> guarded(this::attempt));
        } else if (cause instanceof UnknownHostException) {
            refuse(503, NO_NAME);
        } else if (isTimeout(cause)) {
            refuse(504, TIMEOUT);
        } else {
            refuse(502, INVALID);
        }
    }

    private static boolean isTimeout(Throwable cause) {
        return cause instanceof TimeoutException || cause instanceof ConnectTimeoutException;
    }

    private void send(Target target, HttpClientRequest request) {
        upstream = request;
        outgoing.head(request, target);
        sentAt = System.nanoTime();
        request.exceptionHandler(told -> {});
        if (outgoing.upgrade() != null) {
            request.connect().onComplete(answered -> answered(request, answered));
            return;
        }
        request.response().onComplete(answered -> answered(request, answered));
        sending = outgoing.body(request);
        if (sending != null) {
            call.body().invite();
            sending.start(() -> sent(request), failed -> clientGone());
        }
    }

    private void sent(HttpClientRequest request) {
        sentAt = System.nanoTime();
        request.end();
    }

    private void answered(HttpClientRequest request, AsyncResult<HttpClientResponse> answered) {
        if (done || request != upstream) {
            return;
        }
        if (answered.failed()) {
            lost(answered.cause());
            return;
        }
        guarded(() -> pass(request, answered.result()));
    }

    private void pass(HttpClientRequest request, HttpClientResponse answer) {
        answer.exceptionHandler(expected -> {});
        exchange.upstreamNanos(System.nanoTime() - sentAt);
        int status = answer.statusCode();
        if (status >= 200 && status <= 999) {
            reply = new Reply(call, answer, this::finish, this::cut);
            reply.start(sentAt);
        } else if (status == 101 && outgoing.upgrade() != null) {
            tunnel = new Tunnel(call, answer, this::finish);
            tunnel.start();
        } else {
            abandon(request);
            refuse(502, INVALID);
        }
    }

    /* A connection that the upstream had closed in the meantime: nobody has seen the request. */
    private void lost(Throwable cause) {
        LOG.debug("no answer from upstream reason={}", cause.toString());
        upstream = null;
        if (isRepeatable() && tries <= destination.retries()) {
            again(cause);
        } else {
            refuse(502, INVALID);
        }
    }

    private boolean isRepeatable() {
        HttpMethod method = call.request().method();
        return !call.body().isPresent()
                && outgoing.upgrade() == null
                && (method == HttpMethod.GET
                        || method == HttpMethod.HEAD
                        || method == HttpMethod.OPTIONS
                        || method == HttpMethod.PUT
                        || method == HttpMethod.DELETE
                        || method == HttpMethod.TRACE);
    }

    @Override
    void tick(long now) {
        if (tunnel != null) {
            if (now - tunnel.moved() > destination.readNanos()) {
                tunnel.close();
            }
        } else if (reply != null) {
            long most = reply.isBlocked() ? clientNanos : destination.readNanos();
            if (now - reply.moved() > most) {
                cut();
            }
        } else if (upstream != null) {
            tickBeforeAnswer(now);
        }
    }

    private void tickBeforeAnswer(long now) {
        if (sending == null || sending.isOver()) {
            if (now - sentAt > destination.readNanos()) {
                timeOut(504, TIMEOUT);
            }
        } else if (sending.isBlocked()) {
            if (now - sending.moved() > destination.writeNanos()) {
                timeOut(504, TIMEOUT);
            }
        } else if (now - sending.moved() > clientNanos) {
            call.body().giveUp();
            timeOut(408, TOO_SLOW);
        }
    }

    private void timeOut(int status, String message) {
        HttpClientRequest late = upstream;
        upstream = null;
        abandon(late);
        refuse(status, message);
    }

    private void abandon(HttpClientRequest request) {
        request.reset();
        if (!destination.grpc()) {
            Cut.off(request.connection());
        }
    }

    private void refuse(int status, String message) {
        if (leave()) {
            call.refuse(status, message);
        }
    }

    /* Whoever is left at either end must not take what he has for the whole. */
    private void cut() {
        if (leave()) {
            if (upstream != null) {
                abandon(upstream);
            }
            call.cut();
            call.finish(in(), out());
        }
    }

    private void clientGone() {
        if (!done) {
            cut();
        }
    }

    /* A service may answer before it has taken the whole request. */
    private void finish() {
        boolean taken = sending == null || sending.isOver();
        if (leave()) {
            call.finish(in(), out());
            if (!taken) {
                abandon(upstream);
                call.leaveBody();
            }
        }
    }

    private boolean leave() {
        if (done) {
            return false;
        }
        done = true;
        call.means().watch().remove(this);
        if (sending != null) {
            sending.stop();
        }
        if (reply != null) {
            reply.stop();
        }
        return true;
    }

    private long in() {
        return sending != null ? sending.bytes() : tunnel != null ? tunnel.in() : 0;
    }

    private long out() {
        return reply != null ? reply.bytes() : tunnel != null ? tunnel.out() : 0;
    }
}
