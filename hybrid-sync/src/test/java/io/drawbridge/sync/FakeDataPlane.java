package io.drawbridge.sync;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A data plane down to the bytes: as strict about frames as Kong's own client, and without a WebSocket library. */
final class FakeDataPlane implements AutoCloseable {
    static final String NOTHING = "0".repeat(32);
    static final List<String> PLUGINS = List.of("key-auth", "acl", "cors", "rate-limiting", "request-termination");

    private final SSLSocket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /** A frame from the control plane. */
    record Frame(int opcode, byte[] data) {
        boolean isPong() {
            return opcode == 10;
        }

        boolean isClose() {
            return opcode == 8;
        }

        int closeCode() {
            return (data[0] & 255) << 8 | data[1] & 255;
        }

        /** What a reconfigure says. */
        JsonObject message() throws IOException {
            if (opcode != 2) {
                throw new IOException("opcode " + opcode);
            }
            return new JsonObject(Buffer.buffer(new GZIPInputStream(new ByteArrayInputStream(data)).readAllBytes()));
        }
    }

    private FakeDataPlane(SSLSocket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** Connected and introduced, with nothing said of what it has. */
    static FakeDataPlane connect(int port, Path certificate, Path key, UUID id, String version) throws Exception {
        FakeDataPlane plane = open(port, certificate, key);
        String status = plane.upgrade("/v1/outlet?node_id=" + id + "&node_hostname=dp-1&node_version=" + version);
        if (!status.startsWith("HTTP/1.1 101")) {
            throw new IOException(status);
        }
        plane.hello(PLUGINS);
        return plane;
    }

    static FakeDataPlane open(int port, Path certificate, Path key) throws Exception {
        return open(port, certificate, key, 0);
    }

    /** @param buffer what the system may receive for it in advance, in bytes; 0: as much as it likes */
    static FakeDataPlane open(int port, Path certificate, Path key, int buffer) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        if (certificate != null) {
            Certificate shown = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(certificate)));
            String pem =
                    Files.readString(key).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
            store.setKeyEntry(
                    "dp",
                    KeyFactory.getInstance(shown.getPublicKey().getAlgorithm())
                            .generatePrivate(
                                    new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem))),
                    new char[0],
                    new Certificate[] {shown});
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {new Anybody()}, null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        if (buffer > 0) {
            socket.setReceiveBufferSize(buffer);
        }
        socket.connect(new InetSocketAddress("127.0.0.1", port), 5000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new AnyName(ClusterTls.SHARED_NAME)));
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(5000);
        socket.setTcpNoDelay(true);
        return new FakeDataPlane(socket);
    }

    /** How long it waits for what it reads; 5 s unless said otherwise. */
    void patience(Duration limit) throws IOException {
        socket.setSoTimeout((int) limit.toMillis());
    }

    /** The answer's first line. */
    String upgrade(String uri) throws IOException {
        out.write(("GET " + uri + " HTTP/1.1\r\nUpgrade: websocket\r\nHost: localhost:8005\r\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
                        + "Connection: Upgrade\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException(head.toString());
            }
            head.append((char) next);
        }
        return head.substring(0, head.indexOf("\r\n"));
    }

    void hello(List<String> plugins) throws IOException {
        JsonArray all = new JsonArray();
        plugins.forEach(plugin -> {
            String[] parts = plugin.split("@");
            JsonObject one = new JsonObject().put("name", parts[0]);
            all.add(parts.length > 1 ? one.put("version", parts[1]) : one);
        });
        send(
                2,
                new JsonObject()
                        .put("type", "basic_info")
                        .put("plugins", all)
                        .toBuffer()
                        .getBytes());
    }

    void ping(String hash) throws IOException {
        send(9, hash.getBytes(StandardCharsets.US_ASCII));
    }

    void send(int opcode, byte[] data) throws IOException {
        byte[] head = data.length < 126
                ? new byte[] {(byte) (128 | opcode), (byte) (128 | data.length), 0, 0, 0, 0}
                : new byte[] {
                    (byte) (128 | opcode), (byte) (128 | 126), (byte) (data.length >> 8), (byte) data.length, 0, 0, 0, 0
                };
        out.write(head);
        out.write(data);
        out.flush();
    }

    /** These bytes, whatever they are. */
    void raw(byte... bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** The next frame; fails as Kong's client does on one that is a fragment, masked or compressed. */
    Frame next() throws IOException {
        int first = in.readUnsignedByte();
        if ((first & 0xf0) != 0x80) {
            throw new IOException("a fragment, or reserved bits: " + Integer.toBinaryString(first));
        }
        int second = in.readUnsignedByte();
        if (second > 127) {
            throw new IOException("masked");
        }
        long length = second == 126 ? in.readUnsignedShort() : second == 127 ? in.readLong() : second;
        return new Frame(first & 15, in.readNBytes((int) length));
    }

    /** The next frame that is no PONG. */
    Frame nextData() throws IOException {
        Frame frame = next();
        while (frame.isPong()) {
            frame = next();
        }
        return frame;
    }

    /** Whether nothing but PONGs comes for so long. */
    boolean quietFor(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            while (next().isPong()) {
                continue;
            }
            return false;
        } catch (SocketTimeoutException nothing) {
            return true;
        } finally {
            socket.setSoTimeout(5000);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A server name with an underscore, as data planes send it: no host name to the JDK. */
    private static final class AnyName extends SNIServerName {
        AnyName(String name) {
            super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
