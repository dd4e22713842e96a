package io.drawbridge.postgres;

import static io.drawbridge.postgres.PostgresServerException.Error.FOLDER;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who uses the server: one file per user, locked for as long as its process lives, so that a process that is killed
 * counts no more. Used under the folder's own lock only.
 */
final class NodeFiles {
    /*
     * Closing any descriptor of a file drops all locks that the process has on it, so files of this very JVM must never
     * be opened to look at them: they are known by name.
     */
    private static final Set<Path> MINE = ConcurrentHashMap.newKeySet();

    private final Path folder;

    NodeFiles(Path folder) {
        this.folder = folder;
    }

    /** Counts this user until the handle is closed or the process ends. */
    Handle add(String label) {
        Path file = folder.resolve(UUID.randomUUID() + ".node").toAbsolutePath().normalize();
        FileChannel channel = null;
        try {
            Files.createDirectories(folder);
            MINE.add(file);
            channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            FileLock lock = channel.lock();
            channel.write(java.nio.ByteBuffer.wrap(label.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            return new Handle(file, channel, lock);
        } catch (IOException failure) {
            MINE.remove(file);
            closeQuietly(channel);
            throw new PostgresServerException(FOLDER, "cannot write to " + folder + ": " + failure, failure);
        }
    }

    /** Labels of the users that live; files of others are removed. */
    List<String> live() {
        List<String> labels = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return labels;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.node")) {
            for (Path each : files) {
                Path file = each.toAbsolutePath().normalize();
                if (MINE.contains(file) || locked(file)) {
                    labels.add(Files.readString(file));
                } else {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException failure) {
            throw new PostgresServerException(FOLDER, "cannot read " + folder + ": " + failure, failure);
        }
        return labels;
    }

    private static boolean locked(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                return true;
            }
            lock.release();
            return false;
        } catch (OverlappingFileLockException ours) {
            return true;
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException ignored) {
            /* Nothing depends on it: the file is of no use any more. */
            return;
        }
    }

    /** One user. Not thread-safe. */
    record Handle(Path file, FileChannel channel, FileLock lock) implements AutoCloseable {
        @Override
        public void close() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException left) {
                throw new PostgresServerException(FOLDER, "cannot remove " + file, left);
            } finally {
                closeQuietly(channel);
                MINE.remove(file);
            }
        }
    }
}
