package io.drawbridge.app.cli;

import io.drawbridge.app.Cluster;
import io.drawbridge.app.ExitCode;
import io.drawbridge.app.NodeProcess;
import io.drawbridge.app.Wiring;
import io.drawbridge.app.options.GatewayOptions;
import io.drawbridge.migration.MigrationListener;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Run by the launcher after a build: lives through a short life, so that the JVM can archive the classes it needs. */
@Command(name = "warm-up", hidden = true, description = "Used by the launcher.")
final class WarmUpCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException {
        Path prefix = Files.createTempDirectory("drawbridge-warm-up");
        /* Or the server's user, who may be another, cannot enter it, and its data would lie elsewhere and stay. */
        Files.setPosixFilePermissions(prefix, PosixFilePermissions.fromString("rwx--x--x"));
        try {
            GatewayOptions options = GatewayOptions.read(
                    Map.of(
                            "prefix",
                            prefix.toString(),
                            "database",
                            "embedded",
                            "admin_listen",
                            "127.0.0.1:0",
                            "proxy_listen",
                            "127.0.0.1:0",
                            "poll_interval",
                            "100ms"),
                    Map.of(),
                    null);
            NodeProcess node = Wiring.node(options, MigrationListener.NONE);
            try {
                Cluster.await(node.start());
                for (String url : node.adminUrls()) {
                    read(url + "/status");
                }
                for (String url : node.proxyUrls()) {
                    ask(url);
                }
                Drawbridge.run("migrations", "list", "-q", "-p", prefix.toString());
            } finally {
                node.stop();
            }
            return ExitCode.OK.number();
        } finally {
            try (var paths = Files.walk(prefix)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    /* Nothing is configured: 404 it is. */
    private static void ask(String url) throws IOException {
        ((HttpURLConnection) URI.create(url).toURL().openConnection()).getResponseCode();
    }

    private static void read(String url) throws IOException {
        try (InputStream body = URI.create(url).toURL().openStream()) {
            body.readAllBytes();
        }
    }
}
