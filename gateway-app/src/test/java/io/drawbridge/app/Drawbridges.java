package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.postgres.Database;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Runs the product as processes, as a user does, each with its own environment. */
final class Drawbridges implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Path TARGET = Path.of(System.getProperty("drawbridge.root"), "gateway-app", "target")
            .toAbsolutePath();

    /* The jars that the launcher uses, and an archive of their classes as it makes one. */
    private static final String CLASS_PATH =
            TARGET.resolve("gateway-app-2.5.0.jar") + ":" + TARGET.resolve("lib") + "/*";

    private static final Path ARCHIVE = TARGET.resolve("it-classes.jsa");

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private static boolean archived;

    private List<Process> processes = java.util.Collections.synchronizedList(new ArrayList<>());
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** @param folder for prefixes and output */
    Drawbridges(Path folder) {
        this.folder = folder;
        environment.put("DRAWBRIDGE_PREFIX", folder.resolve("prefix").toString());
        environment.put("DRAWBRIDGE_ADMIN_LISTEN", "127.0.0.1:0");
        environment.put("DRAWBRIDGE_PROXY_LISTEN", "off");
        environment.put("DRAWBRIDGE_LEASE_TTL", "3s");
        environment.put("DRAWBRIDGE_POLL_INTERVAL", "200ms");
    }

    Drawbridges on(Database database) {
        return with("PG_HOST", database.host())
                .with("PG_PORT", String.valueOf(database.port()))
                .with("PG_USER", database.user())
                .with("PG_PASSWORD", database.password())
                .with("PG_DATABASE", database.database());
    }

    /** The same with another value of a key, by its upper-case name. */
    Drawbridges with(String key, String value) {
        Drawbridges other = new Drawbridges(folder);
        other.processes = processes;
        other.environment.putAll(environment);
        other.environment.put("DRAWBRIDGE_" + key, value);
        return other;
    }

    /** Once per run of the tests: the processes then start in a third of the time. */
    private static synchronized void archive() throws IOException, InterruptedException {
        if (archived) {
            return;
        }
        archived = true;
        Files.deleteIfExists(ARCHIVE);
        new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:ArchiveClassesAtExit=" + ARCHIVE,
                        "-cp",
                        CLASS_PATH,
                        "io.drawbridge.app.Main",
                        "warm-up")
                .redirectErrorStream(true)
                .redirectOutput(TARGET.resolve("it-classes.log").toFile())
                .start()
                .waitFor();
    }

    /** What a command printed and ended with. */
    record Result(int exit, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    Result run(String... arguments) throws Exception {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = launch(out, err, arguments);
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(
                    "did not end: " + List.of(arguments) + "\n" + Files.readString(out) + Files.readString(err));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    Process launch(Path out, Path err, String... arguments) throws IOException, InterruptedException {
        archive();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:SharedArchiveFile=" + ARCHIVE,
                "-Xlog:cds=off",
                "-Xlog:cds+dynamic=off",
                "-Ddrawbridge.home=" + folder,
                "-cp",
                CLASS_PATH,
                "io.drawbridge.app.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("DRAWBRIDGE_") || name.startsWith("KONG_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** Starts a node without waiting for it. */
    Running begin(String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("start"));
        arguments.addAll(List.of(more));
        Path out = Files.createTempFile(folder, "node-out", "");
        Path err = Files.createTempFile(folder, "node-err", "");
        return new Running(launch(out, err, arguments.toArray(String[]::new)), out, err, client);
    }

    /** Starts a node and waits until it says that it is ready. */
    Running start(String... more) throws Exception {
        Running node = begin(more);
        node.awaitReady();
        return node;
    }

    /** Waits until the condition holds, half a minute at most. */
    static void eventually(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(200);
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }

    /** A node. */
    record Running(Process process, Path out, Path err, HttpClient client) implements AutoCloseable {
        void awaitReady() throws Exception {
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (!ready()) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new AssertionError("not ready:\n" + said());
                }
                Thread.sleep(50);
            }
        }

        boolean ready() throws IOException {
            return Files.readString(out).contains("Try next");
        }

        String said() throws IOException {
            return Files.readString(out) + Files.readString(err);
        }

        String url() throws IOException {
            return Files.readString(out)
                    .lines()
                    .filter(line -> line.startsWith("  Admin API  "))
                    .map(line -> line.substring("  Admin API  ".length()))
                    .findFirst()
                    .orElseThrow();
        }

        HttpResponse<String> get(String path) throws Exception {
            return client.send(
                    HttpRequest.newBuilder(URI.create(url() + path))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        HttpResponse<String> post(String path, String json) throws Exception {
            return client.send(
                    HttpRequest.newBuilder(URI.create(url() + path))
                            .timeout(Duration.ofSeconds(20))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(json))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        int addService(String name) throws Exception {
            return post("/services", "{\"name\":\"" + name + "\",\"url\":\"http://example.com\"}")
                    .statusCode();
        }

        /** As SIGTERM does. */
        int stop() throws Exception {
            process.destroy();
            return exit();
        }

        int exit() throws Exception {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("did not end:\n" + said());
            }
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
