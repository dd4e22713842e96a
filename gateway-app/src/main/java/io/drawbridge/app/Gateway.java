package io.drawbridge.app;

import io.drawbridge.app.options.GatewayOptions;
import io.drawbridge.app.options.ListenAddress;
import io.drawbridge.app.options.TrafficOptions;
import io.drawbridge.core.config.ConfigSink;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.proxy.Connections;
import io.drawbridge.core.proxy.Listener;
import io.drawbridge.core.proxy.ProxyOptions;
import io.drawbridge.core.proxy.ProxyRuntime;
import io.drawbridge.core.proxy.TrustedProxies;
import io.drawbridge.core.proxy.plugin.PluginKind;
import io.drawbridge.core.proxy.tls.Identity;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** The part of a node that traffic passes through: where its configuration ends up. Confined to the node's context but for {@link #urls}. */
final class Gateway implements ConfigSink {
    private final List<ListenAddress> addresses;
    private final ProxyRuntime proxy;
    private final List<String> urls = new CopyOnWriteArrayList<>();

    private Gateway(List<ListenAddress> addresses, ProxyRuntime proxy) {
        this.addresses = addresses;
        this.proxy = proxy;
    }

    static Gateway of(NodeFrame frame, List<PluginKind> kinds) {
        GatewayOptions options = frame.options();
        TrafficOptions traffic = options.traffic();
        List<Listener> listeners = traffic.listen().stream()
                .map(each -> new Listener(each.host(), each.port(), each.tls(), each.http2()))
                .toList();
        ProxyOptions how = ProxyOptions.defaults(listeners, "drawbridge/" + options.reportedVersion())
                .trusting(new TrustedProxies(traffic.trusted(), traffic.trustedHeader(), traffic.trustedRecursive()));
        if (listeners.stream().anyMatch(Listener::tls)) {
            how = how.identifiedBy(identity(options));
        }
        return new Gateway(traffic.listen(), new ProxyRuntime(frame.vertx(), how, kinds, frame.registry()));
    }

    private static Identity identity(GatewayOptions options) {
        TrafficOptions traffic = options.traffic();
        OwnCertificate files = traffic.certificate()
                .map(named -> new OwnCertificate(named, traffic.key().orElseThrow()))
                .orElseGet(() -> OwnCertificate.at(options.prefix(), "proxy").made());
        try {
            return Identity.of(Files.readString(files.certificate()), Files.readString(files.key()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + files.certificate() + " or " + files.key(), unreadable);
        }
    }

    @Override
    public Future<Void> apply(ConfigSnapshot snapshot) {
        return listens() ? proxy.apply(snapshot) : Future.succeededFuture();
    }

    /** Whether it passes any traffic. */
    boolean listens() {
        return !addresses.isEmpty();
    }

    /** Opens the listeners. */
    Future<Void> start() {
        if (!listens()) {
            return Future.succeededFuture();
        }
        return proxy.start()
                .recover(failure -> Future.failedFuture(new IllegalStateException(
                        "cannot listen on proxy_listen " + addresses + ": " + failure.getMessage(), failure)))
                .onSuccess(open -> urls.addAll(opened()));
    }

    private List<String> opened() {
        List<String> opened = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i++) {
            opened.add(addresses.get(i).on(proxy.ports().get(i)).url());
        }
        return opened;
    }

    /** Takes no more requests and waits for those in flight. Does not fail. */
    Future<Void> stop(Duration drain) {
        return proxy.stop(drain).otherwiseEmpty();
    }

    /** Configured plugins that cannot run here, by id, and why. */
    Map<UUID, String> unusable() {
        return proxy.unusable();
    }

    Connections connections() {
        return proxy.connections();
    }

    /** The configuration in force; empty before the first. */
    Optional<ConfigSnapshot> current() {
        return proxy.current();
    }

    /** Where clients connect, once it is open. */
    List<String> urls() {
        return List.copyOf(urls);
    }
}
