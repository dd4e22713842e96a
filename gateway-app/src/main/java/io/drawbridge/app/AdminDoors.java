package io.drawbridge.app;

import io.drawbridge.admin.AdminServer;
import io.drawbridge.app.options.ListenAddress;
import io.drawbridge.core.node.Doors;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The Admin API as the node's doors: one server per address; and what works behind them. Confined to the node's context,
 * but for {@link #urls}.
 */
final class AdminDoors implements Doors {
    private final List<ListenAddress> addresses;
    private final List<AdminServer> servers;
    private final Supplier<Future<Void>> begin;
    private final Supplier<Future<Void>> end;
    private final List<String> urls = new CopyOnWriteArrayList<>();

    /**
     * @param servers one for each address, in the same order
     * @param begin what is done before they open
     * @param end what is done when they have closed
     */
    AdminDoors(
            List<ListenAddress> addresses,
            List<AdminServer> servers,
            Supplier<Future<Void>> begin,
            Supplier<Future<Void>> end) {
        this.addresses = List.copyOf(addresses);
        this.servers = List.copyOf(servers);
        this.begin = begin;
        this.end = end;
    }

    @Override
    public Future<Void> open() {
        return begin.get().compose(begun -> listen());
    }

    private Future<Void> listen() {
        List<Future<?>> opening = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            ListenAddress address = addresses.get(i);
            opening.add(servers.get(i)
                    .start()
                    .onSuccess(port -> urls.add(address.on(port).url()))
                    .recover(failure -> Future.failedFuture(new IllegalStateException(
                            "cannot listen on " + address + ": " + failure.getMessage(), failure))));
        }
        return Future.all(opening).mapEmpty();
    }

    @Override
    public Future<Void> close(Duration drain) {
        List<Future<?>> closing = new ArrayList<>();
        servers.forEach(server -> closing.add(server.stop()));
        return Future.join(closing).eventually(end).otherwiseEmpty().mapEmpty();
    }

    List<String> urls() {
        return List.copyOf(urls);
    }
}
