package io.drawbridge.core.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A client that sends frames of HTTP/2 without TLS as it likes. */
final class Http2Wire implements AutoCloseable {
    static final int END_STREAM = 1;
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;

    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int END_HEADERS = 4;
    private static final int PRIORITY = 32;

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false);

    Http2Wire(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        out = new DataOutputStream(new java.io.BufferedOutputStream(socket.getOutputStream()));
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        frame(SETTINGS, 0, 0, new byte[0]);
    }

    Http2Wire frame(int type, int flags, int stream, byte[] content) throws IOException {
        out.writeInt(content.length << 8 | type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(content);
        return this;
    }

    /** @param fields names and values in turn, the bytes as they are */
    Http2Wire head(int stream, int flags, String... fields) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            text(block, fields[i]);
            text(block, fields[i + 1]);
        }
        return frame(HEADERS, flags | END_HEADERS, stream, block.toByteArray());
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            block.write(127);
            int rest = bytes.length - 127;
            for (; rest >= 128; rest >>= 7) {
                block.write(rest & 127 | 128);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    Http2Wire data(int stream, int flags, String text) throws IOException {
        return frame(DATA, flags, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** How a stream ends: {@code 200} and so on, {@code reset}, {@code goaway} or {@code closed}. */
    String outcome(int stream) throws IOException {
        out.flush();
        String status = "none";
        while (true) {
            int first = in.read();
            if (first < 0) {
                return "closed";
            }
            int length = first << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int on = in.readInt();
            byte[] content = in.readNBytes(length);
            if (type == GOAWAY) {
                return "goaway";
            }
            if (on == stream && type == RESET) {
                return "reset";
            }
            if (on == stream && type == HEADERS) {
                status = status(stream, (flags & PRIORITY) == 0 ? content : Arrays.copyOfRange(content, 5, length));
            }
            if (on == stream && type <= HEADERS && (flags & END_STREAM) != 0) {
                return status;
            }
        }
    }

    private String status(int stream, byte[] block) throws IOException {
        ByteBuf buffer = Unpooled.wrappedBuffer(block);
        try {
            return String.valueOf(headers.decodeHeaders(stream, buffer).status());
        } catch (Http2Exception malformed) {
            throw new IOException(malformed);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
