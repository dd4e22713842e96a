package io.drawbridge.app.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file that is there whole or not at all, for its owner only, and never in the place of another. Confined to one thread
 * at a time.
 */
final class NewFile implements AutoCloseable {
    private final Path target;
    private final Path draft;
    private final BufferedWriter writer;

    /** Fails if the file exists or cannot be made. */
    NewFile(Path path) {
        this.target = path.toAbsolutePath().normalize();
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw taken();
        }
        try {
            this.draft = Files.createTempFile(
                    target.getParent(),
                    "." + target.getFileName() + ".",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            this.writer = Files.newBufferedWriter(draft);
        } catch (IOException failure) {
            throw failed("cannot open", failure);
        }
    }

    Path path() {
        return target;
    }

    void write(String text) {
        try {
            writer.write(text);
        } catch (IOException failure) {
            throw failed("cannot write", failure);
        }
    }

    /** Gives it its name, unless another has got it meanwhile. */
    void publish() {
        try {
            writer.close();
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            try {
                /* Unlike a move this never replaces. */
                Files.createLink(target, draft);
            } catch (FileAlreadyExistsException meanwhile) {
                throw taken();
            } catch (UnsupportedOperationException | IOException noLinks) {
                Files.move(draft, target);
            }
        } catch (IOException failure) {
            throw failed("cannot write", failure);
        }
    }

    @Override
    public void close() {
        try {
            writer.close();
            Files.deleteIfExists(draft);
        } catch (IOException failure) {
            throw failed("cannot write", failure);
        }
    }

    private IllegalStateException taken() {
        return new IllegalStateException(target + " already exists. Will not overwrite it.");
    }

    private UncheckedIOException failed(String what, IOException failure) {
        return new UncheckedIOException(
                what + " " + target + ": " + failure.getClass().getSimpleName() + ": " + failure.getMessage(), failure);
    }
}
