package io.drawbridge.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The proxy under wrk beside others on the same upstream, one after the other in each round. */
final class ProxyBench {
    private static final int ROUTES = 10_000;
    private static final int CONNECTIONS = 32;
    private static final int WARM_SECONDS = 15;
    private static final int SECONDS = 5;
    private static final int ROUNDS = 3;
    private static final int CHANGE_MILLIS = 100;
    private static final List<String> FLAGS = List.of("-Xmx160m");
    private static final String PLAIN = "plain vertx-http-proxy";
    /* Any of the routes, and nothing that costs wrk much: requests are written beforehand. */
    private static final String SCRIPT = """
            local requests = {}
            local at = 0
            init = function()
              for i = 1, 1000 do requests[i] = wrk.format('GET', '/r' .. math.random(0, %d) .. '/x') end
            end
            request = function()
              at = at %% 1000 + 1
              return requests[at]
            end
            """.formatted(ROUTES - 1);

    private ProxyBench() {}

    /** What is measured. */
    private record Subject(String name, int port, ProcessHandle process) {
        /** Of the process and those it has started. */
        Duration cpu() {
            return Stream.concat(Stream.of(process), process.descendants())
                    .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                    .reduce(Duration.ZERO, Duration::plus);
        }
    }

    /** @param cpuMicros that a request took of the proxy */
    private record Sample(Wrk.Result load, double cpuMicros) {}

    static void run() throws Exception {
        if (!Nginx.isThere()) {
            System.out.println("\n## proxy: needs nginx, which is not here");
            return;
        }
        System.out.printf(
                "%n## proxy: %d connections of wrk, medians of %d interleaved rounds of %d s; JVMs with %s%n",
                CONNECTIONS, ROUNDS, SECONDS, FLAGS);
        List<Subject> subjects = new ArrayList<>();
        try {
            start(subjects);
            Map<Subject, List<Sample>> samples = new LinkedHashMap<>();
            for (Subject subject : subjects) {
                measure(subject, WARM_SECONDS);
                samples.put(subject, new ArrayList<>());
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (Subject subject : subjects) {
                    samples.get(subject).add(measure(subject, SECONDS));
                }
            }
            print(samples);
        } finally {
            subjects.forEach(subject -> subject.process().destroy());
        }
    }

    private static void start(List<Subject> subjects) throws IOException, InterruptedException {
        int upstream = ReadyBench.freePort();
        subjects.add(new Subject("upstream alone", upstream, Nginx.upstream(upstream)));
        int nginx = ReadyBench.freePort();
        subjects.add(new Subject("nginx", nginx, Nginx.proxy(nginx, upstream)));
        subjects.add(java(PLAIN, upstream, 0, 0));
        subjects.add(java("ours, 1 route", upstream, 1, 0));
        subjects.add(java("ours, %,d routes".formatted(ROUTES), upstream, ROUTES, 0));
        subjects.add(java("the same, changing", upstream, ROUTES, CHANGE_MILLIS));
        for (Subject subject : subjects) {
            await(subject.port());
        }
    }

    private static Subject java(String name, int upstream, int routes, int changeMillis) throws IOException {
        int port = ReadyBench.freePort();
        Process proxy = Children.java(
                        FLAGS,
                        ProxyMain.class,
                        String.valueOf(port),
                        String.valueOf(upstream),
                        String.valueOf(routes),
                        String.valueOf(changeMillis))
                .start();
        return new Subject(name, port, proxy.toHandle());
    }

    private static void await(int port) throws InterruptedException {
        for (int tries = 0; tries < 600; tries++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw new IllegalStateException("nothing listens at " + port);
    }

    private static Sample measure(Subject subject, int seconds) throws IOException, InterruptedException {
        Duration before = subject.cpu();
        Wrk.Result load = Wrk.run("http://127.0.0.1:" + subject.port() + "/", CONNECTIONS, seconds, SCRIPT);
        double micros = subject.cpu().minus(before).toNanos() / 1e3;
        return new Sample(load, micros / (load.perSecond() * seconds));
    }

    private static void print(Map<Subject, List<Sample>> samples) {
        List<Sample> plain = samples.entrySet().stream()
                .filter(each -> each.getKey().name().equals(PLAIN))
                .findFirst()
                .orElseThrow()
                .getValue();
        samples.forEach((subject, all) -> System.out.printf(
                "  %-22s  %,8.0f/s  %.2f of plain   p99 %5.1f ms   longest %6.1f ms   %5.1f us of CPU a request, %.2f of plain%n",
                subject.name(),
                median(all, sample -> sample.load().perSecond()),
                median(all, sample -> sample.load().perSecond())
                        / median(plain, sample -> sample.load().perSecond()),
                median(all, sample -> sample.load().p99()),
                median(all, sample -> sample.load().longest()),
                median(all, Sample::cpuMicros),
                median(all, Sample::cpuMicros) / median(plain, Sample::cpuMicros)));
    }

    private static double median(List<Sample> all, ToDoubleFunction<Sample> figure) {
        return Children.median(all.stream().mapToDouble(figure).toArray());
    }
}
