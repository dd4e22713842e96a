package io.drawbridge.app.cli;

import io.drawbridge.app.NodeFile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The nodes of the tour, each a process of its own, and calls to their Admin API. Thread-safe. */
final class TourNodes {
    private static final long STOP_SECONDS = 30;
    private static final int LOG_LINES = 15;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Map<String, Process> processes = new ConcurrentHashMap<>();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    TourNodes(Path folder) {
        this.folder = folder;
    }

    /** An answer of an Admin API. */
    record Answer(int status, JsonObject body) {}

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException("no free port", failure);
        }
    }

    /** Returns when the node is ready. @param values by key */
    void start(String name, Map<String, String> values) throws InterruptedException {
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command(settings()))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("DRAWBRIDGE_") || key.startsWith("KONG_"));
        builder.environment().put("DRAWBRIDGE_PREFIX", folder.toString());
        builder.environment().put("DRAWBRIDGE_LEASE_TTL", "5s");
        builder.environment().put("DRAWBRIDGE_POLL_INTERVAL", "200ms");
        values.forEach((key, value) -> builder.environment().put("DRAWBRIDGE_" + key, value));
        try {
            Process process = builder.start();
            processes.put(name, process);
            Optional<NodeFile> ready = ReadyNode.await(process, folder);
            if (ready.isEmpty()) {
                List<String> lines = Files.readAllLines(log);
                throw new IllegalStateException("the " + name + " ended with " + process.exitValue() + ":\n"
                        + String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size())));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot start the " + name, failure);
        }
    }

    /* Empty: or a file that happens to be on this machine would count. */
    private Path settings() {
        try {
            Path file = folder.resolve("drawbridge.conf");
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
            return file;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write to " + folder, failure);
        }
    }

    /* As this process was started itself, with the archive of classes that the launcher made. */
    private static List<String> command(Path settings) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current()
                .info()
                .command()
                .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(each -> each.startsWith("-X") || each.startsWith("-Ddrawbridge.home"))
                .forEach(command::add);
        command.add("-Xmx256m");
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "io.drawbridge.app.Main",
                "start",
                "-c",
                settings.toString()));
        return command;
    }

    /** As SIGTERM does; returns when the process has ended. */
    void stop(String name) throws InterruptedException {
        Process process = processes.remove(name);
        if (process != null) {
            process.destroy();
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    /** Ends all of them, the last ones first. */
    void stopAll() {
        processes.values().forEach(Process::destroy);
        try {
            for (String name : List.copyOf(processes.keySet())) {
                stop(name);
            }
        } catch (InterruptedException hurry) {
            processes.values().forEach(Process::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }

    Answer get(int port, String path) {
        return call(port, path, HttpRequest.newBuilder().GET());
    }

    Answer post(int port, String path, JsonObject body) {
        return call(
                port,
                path,
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.encode())));
    }

    private Answer call(int port, String path, HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = client.send(
                    request.uri(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    answer.statusCode(),
                    answer.body().startsWith("{") ? new JsonObject(answer.body()) : new JsonObject());
        } catch (IOException failure) {
            throw new UncheckedIOException("no answer on port " + port, failure);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", hurry);
        }
    }
}
