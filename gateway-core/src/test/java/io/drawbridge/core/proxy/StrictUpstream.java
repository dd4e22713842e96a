package io.drawbridge.core.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service that takes every byte at its word: what is sent to it as one request and means two is two. Answers with what it saw. */
final class StrictUpstream implements AutoCloseable {
    private final ServerSocket server;
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private volatile String answer;

    StrictUpstream() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        thread(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Heads and bodies of all requests so far. */
    List<String> seen() {
        return List.copyOf(seen);
    }

    void forget() {
        seen.clear();
        answer = null;
    }

    /** From now on answers these bytes, and closes. */
    void answering(String bytes) {
        answer = bytes;
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "strict-upstream");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                thread(() -> serve(socket));
            }
        } catch (IOException closed) {
            /* The test is over. */
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            while (true) {
                String head = until(in, "\r\n\r\n");
                if (head == null) {
                    return;
                }
                seen.add(head + body(in, head));
                String bytes = answer;
                if (bytes != null) {
                    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
                    return;
                }
                String all = head.replace("\r\n", "\n");
                socket.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Length: " + all.length() + "\r\n\r\n" + all)
                                .getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException gone) {
            seen.add("broken: " + gone.getMessage());
        }
    }

    private static String body(InputStream in, String head) throws IOException {
        String lower = head.toLowerCase(Locale.ROOT);
        if (lower.contains("\r\ntransfer-encoding: chunked\r\n")) {
            StringBuilder all = new StringBuilder();
            while (true) {
                String size = until(in, "\r\n");
                if (size == null) {
                    throw new IOException("chunk");
                }
                int length = Integer.parseInt(size.strip(), 16);
                all.append(new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
                until(in, "\r\n");
                if (length == 0) {
                    return all.toString();
                }
            }
        }
        int at = lower.indexOf("\r\ncontent-length: ");
        int length = at < 0
                ? 0
                : Integer.parseInt(
                        lower.substring(at + 18, lower.indexOf("\r\n", at + 18)).strip());
        return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    private static String until(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
            int next = in.read();
            if (next < 0) {
                return text.isEmpty() ? null : "cut off: " + text;
            }
            text.append((char) next);
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
