package io.drawbridge.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Load from wrk, a process of its own that takes little of the machine. */
final class Wrk {
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s|m)");
    private static final Pattern LONGEST = Pattern.compile("Latency\\s+\\S+\\s+\\S+\\s+([0-9.]+)(us|ms|s|m)");
    private static final String FAILED = "Non-2xx";

    private Wrk() {}

    /** What came out of one run; latencies in milliseconds. */
    record Result(double perSecond, double p99, double longest) {}

    /**
     * @param script Lua for wrk; empty: GET of the URL
     * @throws IOException if wrk is missing, or an answer was not a 2xx
     */
    static Result run(String url, int connections, int seconds, String script)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s", "--latency"));
        Path file = null;
        if (!script.isEmpty()) {
            file = Files.writeString(Files.createTempFile("bench", ".lua"), script);
            command.addAll(List.of("-s", file.toString()));
        }
        command.add(url);
        try {
            Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
            String out = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (wrk.waitFor() != 0 || out.contains(FAILED) || out.contains("Socket errors")) {
                throw new IOException("wrk: " + out);
            }
            Matcher rate = find(RATE, out);
            Matcher p99 = find(P99, out);
            return new Result(Double.parseDouble(rate.group(1)), millis(p99), millis(find(LONGEST, out)));
        } finally {
            if (file != null) {
                Files.delete(file);
            }
        }
    }

    private static Matcher find(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("wrk printed no " + pattern + ": " + text);
        }
        return matcher;
    }

    private static double millis(Matcher time) {
        double value = Double.parseDouble(time.group(1));
        return switch (time.group(2)) {
            case "us" -> value / 1e3;
            case "ms" -> value;
            case "s" -> value * 1e3;
            default -> value * 60e3;
        };
    }
}
