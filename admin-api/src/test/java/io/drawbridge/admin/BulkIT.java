package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.AdminNode.Answer;
import io.drawbridge.migration.Release;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Large documents over HTTP; ApplyFaultsIT has what goes wrong in the middle. */
final class BulkIT extends NodeFixture {
    private static final int MANY = 4000;

    @Test
    void beyondOrdinaryBodies_oneTransaction() {
        String padded =
                "{\"_format_version\":\"2.1\",\"_comment\":\"" + "x".repeat(11_000_000) + "\"," + services(MANY);
        long before = writes();
        Answer done = node.send("POST", "/config/apply", "application/json", padded);
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        assertThat(done.json().getJsonObject("summary").getInteger("created")).isEqualTo(2 * MANY);
        assertThat(writes() - before).isEqualTo(1);
        assertThat(temporaryFiles()).isEmpty();

        Answer again = node.send("POST", "/config/apply", "application/json", document(MANY));
        assertThat(again.json().getJsonObject("summary").getInteger("unchanged"))
                .isEqualTo(2 * MANY);
        assertThat(writes() - before).isEqualTo(1);
    }

    @Test
    void tooLong_announcedOrNot_is413() throws Exception {
        try (AdminNode small = new AdminNode(
                        database, Release.of(2, 5), "small", options -> options.bulk(10L * 1024 * 1024 + 1))
                .start(false)) {
            assertThat(status(small.port, "Content-Length: 20000000", "")).isEqualTo(413);
            String chunk = "100000\r\n" + " ".repeat(0x100000) + "\r\n";
            assertThat(status(small.port, "Transfer-Encoding: chunked", chunk.repeat(11)))
                    .isEqualTo(413);
            assertThat(small.get("/services").status()).isEqualTo(200);
        }
    }

    @Test
    void noFolderForTheFile_is507_andPasses() {
        String folder = System.setProperty("java.io.tmpdir", "/nowhere/at/all");
        try {
            Answer refused = node.send("POST", "/config/apply", "application/json", document(1));
            assertThat(refused.status()).as(refused.text()).isEqualTo(507);
            assertThat(refused.text()).contains("cannot keep the document", "nothing was changed");
            assertThat(node.get("/services").status()).isEqualTo(200);
        } finally {
            System.setProperty("java.io.tmpdir", folder);
        }
        assertThat(node.send("POST", "/config/apply?dry_run=true", "application/json", document(1))
                        .status())
                .isEqualTo(200);
    }

    private static String document(int services) {
        return "{\"_format_version\":\"2.1\"," + services(services);
    }

    private static String services(int count) {
        StringBuilder text = new StringBuilder("\"services\":[");
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"s")
                    .append(i)
                    .append("\",\"host\":\"a\",\"routes\":[{\"name\":\"r")
                    .append(i)
                    .append("\",\"paths\":[\"/\"]}]}");
        }
        return text.append("]}").toString();
    }

    private static int status(int port, String header, String body) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            send(socket, header, body);
            return Integer.parseInt(
                    new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).substring(9));
        }
    }

    private static void send(Socket socket, String header, String body) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(("POST /config/apply HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + header + "\r\n\r\n"
                        + body)
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /* Transactions that the change log has seen. */
    private static long writes() {
        return Long.parseLong(database.query("SELECT count(DISTINCT xid) FROM drawbridge_changes")
                .get(0));
    }

    /* They have no names any more; this process still has them open, or not. */
    private static List<Path> temporaryFiles() {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(BulkIT::isTemporary).toList();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private static boolean isTemporary(Path open) {
        try {
            return Files.readSymbolicLink(open).toString().contains("/drawbridge-");
        } catch (IOException closed) {
            return false;
        }
    }
}
