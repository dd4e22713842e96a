package io.drawbridge.core.store.postgres;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One connection for a purpose of its own, made when it is needed. */
public final class SmallPool {
    private SmallPool() {}

    /**
     * @param name by which the server's administrator knows it
     * @param statementTimeout longest single statement: a connection that is silent for twice as long vanished without a word,
     *     and is dropped
     */
    public static Pool of(Vertx vertx, PgConnectOptions connect, String name, Duration statementTimeout) {
        NetClientOptions net = new NetClientOptions()
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                .setIdleTimeout((int) statementTimeout.toMillis() * 2)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        return PgBuilder.pool()
                .with(net)
                .with(new PoolOptions()
                        .setMaxSize(1)
                        .setMaxWaitQueueSize(16)
                        .setConnectionTimeout(5)
                        .setConnectionTimeoutUnit(TimeUnit.SECONDS))
                .connectingTo(new PgConnectOptions(connect).addProperty("application_name", "drawbridge-" + name))
                .using(vertx)
                .build();
    }
}
