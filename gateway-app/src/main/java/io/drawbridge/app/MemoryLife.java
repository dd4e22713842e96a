package io.drawbridge.app;

import io.drawbridge.core.declarative.DeclarativeException;
import io.drawbridge.core.declarative.MemoryConfig;
import io.drawbridge.migration.Gate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node without a database: alone, ready as soon as its file is loaded.
 *
 * @param file that the node begins with; empty: with nothing
 */
record MemoryLife(Vertx vertx, MemoryConfig config, Optional<Path> file, AdminDoors doors) implements NodeLife {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryLife.class);

    @Override
    public Future<Void> start() {
        return file.map(this::load).orElseGet(Future::succeededFuture).compose(loaded -> doors.open());
    }

    private Future<Void> load(Path path) {
        return vertx.executeBlocking(() -> ConfigFile.read(path), false)
                .compose(document -> config.load(document, false))
                .onSuccess(loaded -> LOG.info(
                        "configuration loaded file={} entities={} hash={}",
                        path,
                        loaded.map(List::size).orElse(0),
                        config.hash()))
                .<Void>mapEmpty()
                .recover(failure -> Future.failedFuture(
                        failure instanceof DeclarativeException || failure instanceof IllegalArgumentException
                                ? new IllegalStateException(
                                        "error parsing declarative config file " + path + ":\n" + failure.getMessage(),
                                        failure)
                                : failure));
    }

    @Override
    public Future<Void> stop(Duration drain) {
        return doors.close(drain);
    }

    @Override
    public List<String> adminUrls() {
        return doors.urls();
    }

    @Override
    public Optional<Gate> gate() {
        return Optional.empty();
    }

    @Override
    public void close() {
        Cluster.attempt(vertx.close(), Cluster.CLOSE_LIMIT);
    }
}
