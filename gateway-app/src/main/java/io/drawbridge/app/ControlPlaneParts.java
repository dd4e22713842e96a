package io.drawbridge.app;

import io.drawbridge.admin.DataPlanes;
import io.drawbridge.app.options.GatewayOptions;
import io.drawbridge.app.options.HybridOptions;
import io.drawbridge.app.postgres.Connections;
import io.drawbridge.core.config.postgres.StoreConfigSource;
import io.drawbridge.core.store.postgres.PostgresDataPlanes;
import io.drawbridge.sync.ClusterTls;
import io.drawbridge.sync.ControlPlane;
import io.drawbridge.sync.Revocation;
import io.drawbridge.sync.SyncOptions;
import io.drawbridge.sync.Unfit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;

/** What makes a node a control plane: who serves data planes, and what is known of them. */
record ControlPlaneParts(ControlPlane plane, PostgresDataPlanes table) {
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
                        .revocation(Revocation.valueOf(hybrid.revocation().toUpperCase(Locale.ROOT)))
                        .unfit(Unfit.valueOf(hybrid.unfit().toUpperCase(Locale.ROOT))),
                table);
        return new ControlPlaneParts(plane, table);
    }

    /** Does not fail. */
    Future<Void> stop() {
        return plane.stop().eventually(table::close);
    }

    /** @param source where the configuration comes from that it serves */
    DataPlanes forAdmin(StoreConfigSource source) {
        return new DataPlanes(
                table,
                plane::connected,
                plane::details,
                () -> source.stale().map(silence -> Instant.now().minus(silence)));
    }
}
