package io.drawbridge.core.proxy.plugin;

import io.drawbridge.core.entity.Entity;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One request and its answer, as plugins see and change them. Confined to the event loop of the request.
 */
public final class Exchange {
    private final Incoming incoming;
    private final Entity route;
    private final Entity service;
    private final ConfigData config;
    private final Supplier<Future<Buffer>> body;
    private final MultiMap headers;
    private final MultiMap responseHeaders = MultiMap.caseInsensitiveMultiMap();
    private final Map<Object, Object> notes = new HashMap<>();
    private String query;
    private Buffer replacement;
    private Entity consumer;
    private Entity credential;
    private Passage passage;
    private int status;
    private long upstreamNanos = -1;
    private long finishedNanos;
    private long bytesIn;
    private long bytesOut;

    /**
     * What arrived. Immutable.
     *
     * @param scheme {@code http} or {@code https}
     * @param host without port, in lower case; empty if the request named none
     * @param path as it came, without query
     * @param query without the question mark; null if there is none
     * @param client address of who asks
     * @param server address and port of this node that it came to, e.g. {@code 192.0.2.1:8000}
     * @param nanos when it arrived, by {@link System#nanoTime}
     */
    public record Incoming(
            String method,
            String scheme,
            String host,
            String path,
            String query,
            String client,
            String server,
            long nanos) {}

    /**
     * @param headers go on to the service and may be changed
     * @param service null if the route has none
     * @param body reads the whole body, once; fails if it is too large
     */
    public Exchange(
            Incoming incoming,
            MultiMap headers,
            Entity route,
            Entity service,
            ConfigData config,
            Supplier<Future<Buffer>> body) {
        this.incoming = incoming;
        this.headers = headers;
        this.route = route;
        this.service = service;
        this.config = config;
        this.body = body;
        this.query = incoming.query();
    }

    public Incoming incoming() {
        return incoming;
    }

    /** Of the request, as they go on to the service: may be changed in {@link Plugin#access}. */
    public MultiMap headers() {
        return headers;
    }

    /** As it goes on to the service; null if there is none. */
    public String query() {
        return query;
    }

    /** Replaces what goes on to the service; null for none. */
    public void query(String other) {
        this.query = other;
    }

    /** Reads the whole body, which is sent on all the same. Fails if it is too large to keep. */
    public Future<Buffer> body() {
        return body.get();
    }

    /** Sends another body on, instead of the one that {@link #body} has read. */
    public void replaceBody(Buffer other) {
        this.replacement = other;
    }

    /** What is sent on instead of the body; empty if that is sent on as it came. */
    public Optional<Buffer> replacedBody() {
        return Optional.ofNullable(replacement);
    }

    public Entity route() {
        return route;
    }

    /** Empty if the route has none. */
    public Optional<Entity> service() {
        return Optional.ofNullable(service);
    }

    /** The configuration that this request runs on from start to end. */
    public ConfigData config() {
        return config;
    }

    /** Who asks; empty if nobody said so yet, or anonymous. */
    public Optional<Entity> consumer() {
        return Optional.ofNullable(consumer);
    }

    /** By what the consumer was recognised. */
    public Optional<Entity> credential() {
        return Optional.ofNullable(credential);
    }

    /** Says who asks. @param proof by what he was recognised; null for an anonymous consumer */
    public void authenticated(Entity who, Entity proof) {
        this.consumer = who;
        this.credential = proof;
    }

    /** Of the answer: in {@link Plugin#access} to be added to it, in {@link Plugin#response} all of them. */
    public MultiMap responseHeaders() {
        return responseHeaders;
    }

    /** A plugin's own notes on this request, by a key that nobody else has. */
    public Map<Object, Object> notes() {
        return notes;
    }

    /** Of the answer; 0 while it is not known. */
    public int status() {
        return status;
    }

    /** By the runtime. */
    public void status(int known) {
        this.status = known;
    }

    /** How long the service took until the head of its answer came, in nanoseconds; -1 if it was not asked. */
    public long upstreamNanos() {
        return upstreamNanos;
    }

    /** By the runtime. */
    public void upstreamNanos(long took) {
        this.upstreamNanos = took;
    }

    /** When the last byte was sent, by {@link System#nanoTime}; 0 before. */
    public long finishedNanos() {
        return finishedNanos;
    }

    public long bytesIn() {
        return bytesIn;
    }

    public long bytesOut() {
        return bytesOut;
    }

    /** By {@link PluginChain}: null while no plugin applies. */
    Passage passage() {
        return passage;
    }

    void passage(Passage way) {
        this.passage = way;
    }

    /** By the runtime: it is over. */
    public void finished(long nanos, long in, long out) {
        this.finishedNanos = nanos;
        this.bytesIn = in;
        this.bytesOut = out;
    }
}
