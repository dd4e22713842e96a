package io.drawbridge.core.declarative;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file that has no name, so that nobody else can open it, and it is gone when it is closed or its process ends, however
 * that ends. Written first, then read any number of times. One thread at a time.
 */
public final class TemporaryFile implements AutoCloseable {
    private final FileChannel channel;
    private long size;

    /**
     * In the system's folder for such files.
     *
     * @throws UncheckedIOException if it cannot be made, as all methods throw
     */
    public TemporaryFile() {
        this(Path.of(System.getProperty("java.io.tmpdir")));
    }

    TemporaryFile(Path folder) {
        try {
            Path path = Files.createTempFile(
                    folder,
                    "drawbridge-",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            } finally {
                Files.delete(path);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public long size() {
        return size;
    }

    /** Appends. */
    public void write(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                size += channel.write(bytes, size);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What was written, from the beginning; need not be closed. */
    public InputStream read() {
        return new InputStream() {
            private long position;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                int count = channel.read(ByteBuffer.wrap(bytes, offset, length), position);
                position += Math.max(0, count);
                return count;
            }
        };
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
