package io.drawbridge.core.proxy;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.proxy.plugin.ConfigData;
import io.drawbridge.core.proxy.plugin.PluginChain;
import io.drawbridge.core.proxy.plugin.PluginKind;
import io.drawbridge.core.proxy.route.Router;
import io.drawbridge.core.proxy.tls.Certificates;
import java.util.List;

/**
 * One configuration, made ready for requests. Immutable.
 *
 * @param given false before the first configuration
 */
record Routing(
        boolean given,
        ConfigData data,
        Router router,
        PluginChain plugins,
        Certificates certificates,
        Destinations destinations) {
    static Routing empty() {
        return new Routing(
                false,
                ConfigData.of(ConfigSnapshot.empty()),
                Router.empty(),
                PluginChain.empty(),
                Certificates.empty(),
                Destinations.empty());
    }

    /** What has not changed since {@code before} is taken from there. Not for event loops. */
    static Routing of(ConfigSnapshot snapshot, List<PluginKind> kinds, Routing before) {
        ConfigSnapshot previous = before.data.snapshot();
        Certificates certificates = Certificates.of(snapshot, previous, before.certificates);
        return new Routing(
                true,
                before.data.next(snapshot),
                Router.of(snapshot, before.router),
                PluginChain.of(snapshot, kinds, before.plugins),
                certificates,
                Destinations.of(snapshot, certificates, previous, before.destinations));
    }
}
