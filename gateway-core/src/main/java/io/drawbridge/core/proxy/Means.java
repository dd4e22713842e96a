package io.drawbridge.core.proxy;

import io.vertx.core.Context;
import java.util.function.Supplier;

/** What all requests of one event loop use. Confined to the event loop. */
record Means(
        ProxyOptions options,
        Supplier<Routing> routing,
        Context context,
        Watch watch,
        UpstreamClients clients,
        Front front) {}
