package io.drawbridge.admin;

import java.time.Duration;

/**
 * How the Admin API listens and what it bounds. Immutable.
 *
 * @param host address to listen on. Default 127.0.0.1
 * @param port 0: any free one. Default 8001
 * @param version what clients are told they talk to: {@code version} and the {@code Server} header. Default 2.5.0
 * @param bodyBytesMax largest request body. Default 10 MiB
 * @param requestsMax requests under way at once; one more is answered 503. Default 1000
 * @param bodiesBytesMax bytes of all bodies under way; more is answered 503. Default 128 MiB
 * @param bulkBytesMax largest document for {@code /config/apply}, kept in a temporary file. Default 256 MiB
 * @param headerBytesMax largest request head. Default 16 KiB
 * @param bodyTimeout how long a body may take to arrive. Default 30 s
 * @param idleTimeout how long a connection may have no request that waits for its answer, send no whole request head, or
 *     not take its answer. Default 60 s
 * @param drainTimeout how long a stop waits for requests under way. Default 10 s
 * @param memberAlive how long a member may be silent and still be offered as a place to write to. Default 15 s
 * @param token what every request must bring; null: nothing
 * @param tls null: plain HTTP
 */
public record AdminOptions(
        String host,
        int port,
        String version,
        int bodyBytesMax,
        int requestsMax,
        long bodiesBytesMax,
        long bulkBytesMax,
        int headerBytesMax,
        Duration bodyTimeout,
        Duration idleTimeout,
        Duration drainTimeout,
        Duration memberAlive,
        AdminToken token,
        AdminTls tls) {
    public AdminOptions {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be between 0 and 65535, is " + port);
        }
        if (bodyBytesMax < 1024 || headerBytesMax < 1024) {
            throw new IllegalArgumentException("bodyBytesMax and headerBytesMax must be at least 1024");
        }
        if (requestsMax < 1 || bodiesBytesMax < bodyBytesMax || bulkBytesMax < bodyBytesMax) {
            throw new IllegalArgumentException(
                    "requestsMax at least 1, bodiesBytesMax and bulkBytesMax at least bodyBytesMax");
        }
        for (Duration each : new Duration[] {bodyTimeout, idleTimeout, drainTimeout, memberAlive}) {
            if (each.toMillis() < 1 || each.toHours() > 1) {
                throw new IllegalArgumentException("durations must be between 1 ms and 1 h");
            }
        }
    }

    public static AdminOptions defaults() {
        return new AdminOptions(
                "127.0.0.1",
                8001,
                "2.5.0",
                10 * 1024 * 1024,
                1000,
                128L * 1024 * 1024,
                256L * 1024 * 1024,
                16 * 1024,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofSeconds(15),
                null,
                null);
    }

    public AdminOptions listen(String newHost, int newPort) {
        return copy(
                newHost,
                newPort,
                version,
                requestsMax,
                bodiesBytesMax,
                bulkBytesMax,
                drainTimeout,
                memberAlive,
                token,
                tls);
    }

    /** Over TLS; null: plain. */
    public AdminOptions over(AdminTls newTls) {
        return copy(
                host,
                port,
                version,
                requestsMax,
                bodiesBytesMax,
                bulkBytesMax,
                drainTimeout,
                memberAlive,
                token,
                newTls);
    }

    /** Answers only those that bring the token; null: everybody. */
    public AdminOptions guarded(AdminToken newToken) {
        return copy(
                host,
                port,
                version,
                requestsMax,
                bodiesBytesMax,
                bulkBytesMax,
                drainTimeout,
                memberAlive,
                newToken,
                tls);
    }

    /** Tells clients that they talk to this version. */
    public AdminOptions reporting(String newVersion) {
        return copy(
                host,
                port,
                newVersion,
                requestsMax,
                bodiesBytesMax,
                bulkBytesMax,
                drainTimeout,
                memberAlive,
                token,
                tls);
    }

    /** With these instead of the defaults. */
    public AdminOptions timing(Duration drain, Duration alive) {
        return copy(host, port, version, requestsMax, bodiesBytesMax, bulkBytesMax, drain, alive, token, tls);
    }

    /** Takes documents of at most so many bytes. */
    public AdminOptions bulk(long bytesMax) {
        return copy(host, port, version, requestsMax, bodiesBytesMax, bytesMax, drainTimeout, memberAlive, token, tls);
    }

    AdminOptions bounds(int requests, long bodiesBytes) {
        return copy(host, port, version, requests, bodiesBytes, bulkBytesMax, drainTimeout, memberAlive, token, tls);
    }

    AdminOptions patience(Duration body, Duration idle) {
        return new AdminOptions(
                host,
                port,
                version,
                bodyBytesMax,
                requestsMax,
                bodiesBytesMax,
                bulkBytesMax,
                headerBytesMax,
                body,
                idle,
                drainTimeout,
                memberAlive,
                token,
                tls);
    }

    /* What can be set; the rest stays as it is. */
    private AdminOptions copy(
            String newHost,
            int newPort,
            String newVersion,
            int requests,
            long bodiesBytes,
            long bulkBytes,
            Duration drain,
            Duration alive,
            AdminToken newToken,
            AdminTls newTls) {
        return new AdminOptions(
                newHost,
                newPort,
                newVersion,
                bodyBytesMax,
                requests,
                bodiesBytes,
                bulkBytes,
                headerBytesMax,
                bodyTimeout,
                idleTimeout,
                drain,
                alive,
                newToken,
                newTls);
    }
}
