package io.drawbridge.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Other processes, and numbers of several runs. */
final class Children {
    private static final Pattern USED = Pattern.compile("(?:generation|heap) +total [0-9]+K, used ([0-9]+)K");

    private Children() {}

    /** A JVM with the class path of this one. */
    static ProcessBuilder java(List<String> flags, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return quiet(new ProcessBuilder(command));
    }

    /** The product as its user starts it. */
    static ProcessBuilder drawbridge(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("drawbridge.root"), "drawbridge").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = quiet(new ProcessBuilder(command));
        environment.forEach((key, value) -> builder.environment().put("DRAWBRIDGE_" + key, value));
        return builder;
    }

    static ProcessBuilder quiet(ProcessBuilder builder) {
        return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    /** The kilobytes of the heap that are left after a full collection, as the JVM itself says. */
    static int heapUsed(Process jvm) throws IOException, InterruptedException {
        jcmd(jvm, "GC.run");
        return USED.matcher(jcmd(jvm, "GC.heap_info"))
                .results()
                .mapToInt(generation -> Integer.parseInt(generation.group(1)))
                .sum();
    }

    private static String jcmd(Process jvm, String command) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(jcmd, String.valueOf(jvm.pid()), command).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }

    /** Seconds from the start to the end of a process that must end well. */
    static double timed(ProcessBuilder builder) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = builder.start();
        if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("failed: " + builder.command());
        }
        return (System.nanoTime() - start) / 1e9;
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    static String spread(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return "%.2f s (%.2f to %.2f, %d runs)"
                .formatted(median(values), sorted[0], sorted[sorted.length - 1], sorted.length);
    }
}
