package io.drawbridge.app;

import io.drawbridge.app.options.ListenAddress;
import io.drawbridge.core.proxy.status.NodeStatus;
import io.drawbridge.core.proxy.status.StatusServer;
import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Where a node's state can be asked for: open before the others and after them. Confined to the node's context. */
final class StatusDoor {
    private final List<ListenAddress> addresses;
    private final StatusServer server;
    private volatile boolean stopping;

    /**
     * @param configuration what the node works by
     * @param database whether it answers; empty if the node has none
     * @param more what else there is to say of where the configuration comes from, by name
     */
    StatusDoor(
            NodeFrame frame,
            Gateway gateway,
            Supplier<Optional<NodeStatus.Configuration>> configuration,
            Supplier<Optional<Boolean>> database,
            Supplier<Map<String, Object>> more) {
        this.addresses = frame.options().traffic().statusListen();
        this.server = new StatusServer(
                frame.vertx(),
                addresses.stream()
                        .map(each -> SocketAddress.inetSocketAddress(each.port(), each.host()))
                        .toList(),
                () -> new NodeStatus(
                        configuration.get(),
                        gateway.unusable(),
                        gateway.connections(),
                        database.get(),
                        stopping,
                        more.get()),
                frame.registry()::scrape);
    }

    Future<Void> open() {
        return server.start()
                .recover(failure -> Future.failedFuture(new IllegalStateException(
                        "cannot listen on status_listen " + addresses + ": " + failure.getMessage(), failure)));
    }

    /** From now on the node says that it is not ready. */
    void stopping() {
        stopping = true;
    }

    /** Does not fail. */
    Future<Void> close() {
        return server.stop();
    }
}
