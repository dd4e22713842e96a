package io.drawbridge.core.proxy;

/**
 * Connections of clients, and requests on them. Immutable.
 *
 * @param active open now
 * @param accepted since the start
 * @param requests since the start
 */
public record Connections(long active, long accepted, long requests) {
    Connections plus(Connections other) {
        return new Connections(active + other.active, accepted + other.accepted, requests + other.requests);
    }
}
