package io.drawbridge.postgres;

import static io.drawbridge.postgres.PostgresServerException.Error.FOLDER;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/**
 * Has those who work on one folder take turns: processes by a file, the threads of this JVM, which may not lock a file
 * twice, by a monitor. A process that dies lets go.
 */
public final class FolderLock {
    private FolderLock() {}

    /**
     * Does the work when nobody else is at it. Blocks.
     *
     * @param folder is there; the lock is its file {@code lock}, which stays
     */
    public static <T> T locked(Path folder, Supplier<T> work) {
        synchronized (FolderLock.class) {
            try (FileChannel channel = FileChannel.open(
                            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid()) {
                    throw new PostgresServerException(FOLDER, "cannot lock " + folder);
                }
                return work.get();
            } catch (IOException failure) {
                throw new PostgresServerException(FOLDER, "cannot lock " + folder + ": " + failure, failure);
            }
        }
    }
}
