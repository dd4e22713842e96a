package io.drawbridge.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One keep-alive connection to the Admin API, with as little of its own cost as possible. Confined to a thread. */
final class AdminClient implements AutoCloseable {
    private static final String LENGTH = "content-length:";

    /** One request of a kind. */
    interface Call {
        void run(AdminClient client) throws IOException;
    }

    private final Socket socket;
    private final InputStream in;

    AdminClient(int port) throws IOException {
        this.socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Returns when a service can be created. */
    static void ready(int port) throws InterruptedException {
        until(port, client -> client.create("ready-" + port));
    }

    /** Returns when it answers. */
    static void answers(int port) throws InterruptedException {
        until(port, client -> client.request("GET", "/status", "", 200));
    }

    private static void until(int port, Call call) throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            try (AdminClient client = new AdminClient(port)) {
                call.run(client);
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw new IllegalStateException("nobody answers as expected at port " + port);
    }

    /** As many calls as so many connections can do, one after the other on each; yields their times. */
    static Latencies load(int port, int connections, int seconds, Call call) throws InterruptedException {
        Latencies latencies = new Latencies();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Thread thread = new Thread(() -> {
                try (AdminClient client = new AdminClient(port)) {
                    while (System.nanoTime() < end) {
                        long start = System.nanoTime();
                        call.run(client);
                        latencies.add(System.nanoTime() - start);
                    }
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return latencies;
    }

    /** Creates a service; fails if the answer is another than 201. */
    void create(String name) throws IOException {
        request("POST", "/services", "{\"name\":\"" + name + "\",\"host\":\"example.com\"}", 201);
    }

    /** Fails if the answer has another status. */
    void request(String method, String path, String body, int expected) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        OutputStream out = socket.getOutputStream();
        byte[] head = (method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                        + (bytes.length == 0 ? "" : "Content-Type: application/json\r\n")
                        + "Content-Length: " + bytes.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(head, head.length + bytes.length);
        System.arraycopy(bytes, 0, whole, head.length, bytes.length);
        out.write(whole);
        String status = line();
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                length = Integer.parseInt(header.substring(LENGTH.length()).trim());
            }
        }
        byte[] answer = in.readNBytes(length);
        if (!status.startsWith("HTTP/1.1 " + expected)) {
            throw new IOException(status + " "
                    + new String(answer, StandardCharsets.UTF_8)
                            .lines()
                            .findFirst()
                            .orElse(""));
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection was closed");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
