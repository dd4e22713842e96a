package io.drawbridge.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Another JVM that uses a server until it is told to end, or killed. */
final class ChildJvm implements AutoCloseable {
    private final Process process;
    final String firstLine;

    private ChildJvm(Process process, String firstLine) {
        this.process = process;
        this.firstLine = firstLine;
    }

    /** Joins the server of the prefix; the first line is its port. */
    static ChildJvm node(Path prefix) throws IOException {
        return await(start("node", prefix.toString()));
    }

    /** Starts a temporary server; the first line is its port and the pid of its parent. */
    static ChildJvm temporary() throws IOException {
        return await(start("temporary"));
    }

    static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ChildJvm.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    static ChildJvm await(Process process) throws IOException {
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("ready ")) {
                return new ChildJvm(process, line.substring("ready ".length()));
            }
        }
        throw new IOException("the child ended");
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Lets it leave properly. */
    void leave() throws IOException, InterruptedException {
        process.getOutputStream().close();
        process.waitFor(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (arguments[0].equals("node")) {
            try (EmbeddedPostgres.Lease lease = new EmbeddedPostgres(Path.of(arguments[1])).join("child")) {
                System.out.println("ready " + lease.database().port());
                input.readLine();
            }
        } else {
            PostgresServer server = PostgresServer.temporary(Map.of());
            System.out.println("ready " + server.port() + " " + server.watchdogPid());
            input.readLine();
        }
    }
}
