package io.drawbridge.migration.postgres;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Makes pools in which nothing waits for ever. */
final class Pools {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration ANSWER_SLACK = Duration.ofSeconds(10);

    private Pools() {}

    /** How long a connection may be silent on which every statement ends within this time. */
    static Duration silence(Duration answer) {
        return answer.plus(shorter(ANSWER_SLACK, answer));
    }

    /**
     * @param answer longest wait for a connection, but 10 s at most
     * @param silence a connection that is silent for longer vanished without a word, and is dropped
     */
    static Pool bounded(
            Vertx vertx, PgConnectOptions connect, String name, int size, Duration answer, Duration silence) {
        int connectingMillis = (int) shorter(CONNECT_LIMIT, answer).toMillis();
        PoolOptions bounds = new PoolOptions()
                .setName(name)
                .setMaxSize(size)
                .setMaxWaitQueueSize(1_000)
                .setConnectionTimeout(connectingMillis)
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(5)
                .setIdleTimeoutUnit(TimeUnit.MINUTES);
        NetClientOptions net = new NetClientOptions()
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                .setConnectTimeout(connectingMillis)
                .setIdleTimeout((int) silence.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        return PgBuilder.pool()
                .with(bounds)
                .with(net)
                .connectingTo(connect)
                .using(vertx)
                .build();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
