package io.drawbridge.app;

import io.drawbridge.admin.DataPlanes;
import io.drawbridge.app.options.GatewayOptions;
import io.drawbridge.app.options.HybridOptions;
import io.drawbridge.app.postgres.Connections;
import io.drawbridge.core.config.Conflated;
import io.drawbridge.core.config.SourceOptions;
import io.drawbridge.core.config.postgres.StoreConfigSource;
import io.drawbridge.core.store.postgres.PostgresDataPlanes;
import io.drawbridge.sync.ClusterTls;
import io.drawbridge.sync.ControlPlane;
import io.drawbridge.sync.SyncOptions;
import io.drawbridge.sync.Unfit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What makes a node a control plane: the configuration as the database has it, connected to whoever serves data planes. */
record ControlPlaneParts(StoreConfigSource source, ControlPlane plane, PostgresDataPlanes table) {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneParts.class);

    static ControlPlaneParts of(Vertx vertx, GatewayOptions options, HybridOptions hybrid) {
        ClusterTls tls = hybrid.authority()
                .map(authority ->
                        ClusterTls.pki(hybrid.certificate(), hybrid.key(), authority, Set.copyOf(hybrid.names())))
                .orElseGet(() -> ClusterTls.shared(hybrid.certificate(), hybrid.key(), hybrid.also()));
        PostgresDataPlanes table = new PostgresDataPlanes(vertx, Connections.admin(options.database()));
        ControlPlane plane = new ControlPlane(
                vertx,
                SyncOptions.defaults(hybrid.listen().host(), hybrid.listen().port(), tls, options.release())
                        .purging(hybrid.purgeAfter())
                        .unfit(Unfit.valueOf(hybrid.unfit().toUpperCase(Locale.ROOT))),
                table);
        Conflated conflated = new Conflated(vertx, plane, (snapshot, failure) -> {
            if (failure != null) {
                LOG.error("configuration cannot be pushed {} reason={}", snapshot, failure.getMessage());
            }
        });
        StoreConfigSource source = StoreConfigSource.create(
                vertx,
                Connections.admin(options.database()),
                options.release(),
                SourceOptions.defaults(),
                conflated::offer);
        return new ControlPlaneParts(source, plane, table);
    }

    /** The first data plane that connects is served what the database has. */
    Future<Void> start() {
        return source.start().compose(first -> plane.start());
    }

    /** Does not fail. */
    Future<Void> stop() {
        return plane.stop().eventually(source::stop).eventually(table::close);
    }

    DataPlanes forAdmin() {
        return new DataPlanes(table, plane::details);
    }
}
