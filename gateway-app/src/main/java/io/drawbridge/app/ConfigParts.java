package io.drawbridge.app;

import io.drawbridge.app.options.GatewayOptions;
import io.drawbridge.app.postgres.Connections;
import io.drawbridge.core.config.ConfigSink;
import io.drawbridge.core.config.Conflated;
import io.drawbridge.core.config.SourceOptions;
import io.drawbridge.core.config.postgres.StoreConfigSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configuration as the database has it, handed to a sink: the newest only, one at a time. */
record ConfigParts(StoreConfigSource source, Future<Void> first) {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigParts.class);

    static ConfigParts of(Vertx vertx, GatewayOptions options, ConfigSink sink) {
        Promise<Void> first = Promise.promise();
        Conflated conflated = new Conflated(vertx, sink, (snapshot, failure) -> {
            if (failure != null) {
                LOG.error(
                        "configuration cannot be used, keeping what there is {} reason={}",
                        snapshot,
                        failure.getMessage());
            }
            first.tryComplete();
        });
        StoreConfigSource source = StoreConfigSource.create(
                vertx,
                Connections.admin(options.database()),
                options.release(),
                SourceOptions.defaults(),
                conflated::offer);
        return new ConfigParts(source, first.future());
    }

    /** Completes when the first configuration has been handed over. */
    Future<Void> start() {
        return source.start().compose(read -> first);
    }

    /** Does not fail. */
    Future<Void> stop() {
        return source.stop();
    }
}
