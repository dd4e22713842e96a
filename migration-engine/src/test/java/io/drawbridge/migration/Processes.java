package io.drawbridge.migration;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts, stops and kills real processes. */
final class Processes {
    private Processes() {}

    /** A JVM of our own that runs the main class; what it prints goes to the file. */
    static Process java(Class<?> main, Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        File file = output.toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(file)
                .start();
    }

    static void signal(Process process, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Waits until the process has printed the text. */
    static void printed(Path output, String text) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!Files.readString(output).contains(text)) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(30)) {
                throw new AssertionError("not printed: " + text + "\n" + Files.readString(output));
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
