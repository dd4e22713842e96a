package io.drawbridge.app;

import io.drawbridge.admin.AdminServer;
import io.drawbridge.app.options.ListenAddress;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The Admin API: one server per address. Confined to the node's context, but for {@link #urls}. */
final class AdminDoors {
    private final List<ListenAddress> addresses;
    private final List<AdminServer> servers;
    private final List<String> urls = new CopyOnWriteArrayList<>();

    /** @param servers one for each address, in the same order */
    AdminDoors(List<ListenAddress> addresses, List<AdminServer> servers) {
        this.addresses = List.copyOf(addresses);
        this.servers = List.copyOf(servers);
    }

    Future<Void> open() {
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

    /** Waits for requests in flight. Does not fail. */
    Future<Void> close() {
        List<Future<?>> closing = new ArrayList<>();
        servers.forEach(server -> closing.add(server.stop()));
        return Future.join(closing).<Void>mapEmpty().otherwiseEmpty();
    }

    List<String> urls() {
        return List.copyOf(urls);
    }
}
