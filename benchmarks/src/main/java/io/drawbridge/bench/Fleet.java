package io.drawbridge.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The process of {@link FleetMain}, as who started it sees it. */
final class Fleet implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    /** All of them have the same. @param frames that came since the beginning @param bytes in them */
    record All(long nanos, long frames, long bytes) {}

    Fleet(int port, Path certificate, Path key, int count, String mode) throws IOException {
        process = Children.java(
                        List.of("-Xmx256m"),
                        FleetMain.class,
                        String.valueOf(port),
                        certificate.toString(),
                        key.toString(),
                        String.valueOf(count),
                        mode)
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** When all were connected. */
    long up() throws IOException {
        return Long.parseLong(next("up")[1]);
    }

    All all() throws IOException {
        String[] words = next("all");
        return new All(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
    }

    /** Nobody got anything since the last line. */
    boolean quiet() throws IOException {
        return !lines.ready();
    }

    private String[] next(String word) throws IOException {
        while (true) {
            String line = lines.readLine();
            if (line == null) {
                throw new IOException("the data planes are gone");
            }
            if (line.startsWith(word + " ")) {
                return line.split(" ");
            }
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
