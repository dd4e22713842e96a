package io.drawbridge.app;

import io.drawbridge.core.declarative.DeclarativeException;
import io.drawbridge.core.declarative.MemoryConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the file that a node without a database begins with. */
final class FirstConfig {
    private static final Logger LOG = LoggerFactory.getLogger(FirstConfig.class);

    private FirstConfig() {}

    static Future<Void> load(Vertx vertx, MemoryConfig config, Path path) {
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
}
