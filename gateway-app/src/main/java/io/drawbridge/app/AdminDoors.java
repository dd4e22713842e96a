package io.drawbridge.app;

import io.drawbridge.admin.AdminServer;
import io.drawbridge.app.options.ListenAddress;
import io.drawbridge.core.config.postgres.ChangeSequencer;
import io.drawbridge.core.node.Doors;
import io.drawbridge.core.store.EntityStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The Admin API as the node's doors: one server per address; and behind them the store and the change log's sequencer. Confined to the node's context, but for
 * {@link #urls}.
 */
final class AdminDoors implements Doors {
    private final List<ListenAddress> addresses;
    private final List<AdminServer> servers;
    private final EntityStore store;
    private final ChangeSequencer sequencer;
    private final List<String> urls = new CopyOnWriteArrayList<>();

    /** @param servers one for each address, in the same order */
    AdminDoors(List<ListenAddress> addresses, List<AdminServer> servers, EntityStore store, ChangeSequencer sequencer) {
        this.addresses = List.copyOf(addresses);
        this.servers = List.copyOf(servers);
        this.store = store;
        this.sequencer = sequencer;
    }

    @Override
    public Future<Void> open() {
        sequencer.start();
        List<Future<?>> opening = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            ListenAddress address = addresses.get(i);
            opening.add(servers.get(i)
                    .start()
                    .onSuccess(port -> urls.add(new ListenAddress(address.host(), port, address.tls()).url()))
                    .recover(failure -> Future.failedFuture(new IllegalStateException(
                            "cannot listen on " + address + ": " + failure.getMessage(), failure))));
        }
        return Future.all(opening).mapEmpty();
    }

    @Override
    public Future<Void> close(Duration drain) {
        List<Future<?>> closing = new ArrayList<>();
        servers.forEach(server -> closing.add(server.stop()));
        return Future.join(closing)
                .eventually(sequencer::stop)
                .eventually(store::close)
                .otherwiseEmpty()
                .mapEmpty();
    }

    List<String> urls() {
        return List.copyOf(urls);
    }
}
