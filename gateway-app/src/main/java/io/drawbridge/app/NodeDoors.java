package io.drawbridge.app;

import io.drawbridge.core.node.Doors;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a node opens: its state, the proxy, then the Admin API; and what works behind them. Confined to the node's context, but for the URLs.
 */
final class NodeDoors implements Doors {
    private final AdminDoors admin;
    private final Gateway gateway;
    private final StatusDoor status;
    private final Supplier<Future<Void>> begin;
    private final Supplier<Future<Void>> end;

    /**
     * @param begin what is done before they open
     * @param end what is done when they have closed; must not fail
     */
    NodeDoors(
            AdminDoors admin,
            Gateway gateway,
            StatusDoor status,
            Supplier<Future<Void>> begin,
            Supplier<Future<Void>> end) {
        this.admin = admin;
        this.gateway = gateway;
        this.status = status;
        this.begin = begin;
        this.end = end;
    }

    @Override
    public Future<Void> open() {
        return status.open()
                .compose(told -> begin.get())
                .compose(begun -> gateway.start())
                .compose(serving -> admin.open());
    }

    @Override
    public Future<Void> close(Duration drain) {
        status.stopping();
        return Future.join(admin.close(), gateway.stop(drain))
                .<Void>mapEmpty()
                .otherwiseEmpty()
                .eventually(end)
                .eventually(status::close);
    }

    /** Where the Admin API listens, once it is open. */
    List<String> adminUrls() {
        return admin.urls();
    }

    /** Where clients connect, once it is open. */
    List<String> proxyUrls() {
        return gateway.urls();
    }
}
