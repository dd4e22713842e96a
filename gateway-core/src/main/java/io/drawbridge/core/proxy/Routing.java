package io.drawbridge.core.proxy;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.proxy.plugin.ConfigData;
import io.drawbridge.core.proxy.plugin.PluginChain;
import io.drawbridge.core.proxy.plugin.PluginKind;
import java.util.List;
import java.util.Optional;

/** One configuration, made ready for requests. Immutable. */
record Routing(Optional<ConfigSnapshot> snapshot, ConfigData data, PluginChain plugins) {
    static Routing empty() {
        return new Routing(Optional.empty(), ConfigData.of(ConfigSnapshot.empty()), PluginChain.empty());
    }

    /** What has not changed since {@code before} is taken from there. Not for event loops. */
    static Routing of(ConfigSnapshot snapshot, List<PluginKind> kinds, Routing before) {
        return new Routing(
                Optional.of(snapshot), before.data.next(snapshot), PluginChain.of(snapshot, kinds, before.plugins));
    }
}
