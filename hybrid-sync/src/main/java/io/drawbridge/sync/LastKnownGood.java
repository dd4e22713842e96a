package io.drawbridge.sync;

import io.drawbridge.migration.Release;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The file of the configuration that was good last: a whole one as it came, and the differences that came after it. A new whole
 * one takes its place at once; the file before is kept. Whoever is killed at any moment leaves at least one that can be
 * read. Readable for the owner only. Blocks; one thread at a time.
 */
final class LastKnownGood {
    static final String NAME = "config";
    static final String BEFORE = "config.previous";
    private static final String NEXT = "config.next";
    private static final String FORMAT = "drawbridge-config";
    private static final int LINE_MAX = 300;

    private final Path folder;
    private final Release release;
    private final String audience;
    private final int messageMax;
    /* Whether the newest file is one that can be read to its end, so that it may be continued, and kept. */
    private boolean sound;

    /** One file's contents. @param audience for whom it was made @param damage what keeps it from being read to its end */
    record Generation(String audience, List<Message> messages, Optional<String> damage) {}

    /** @param seconds when it came */
    record Message(Buffer data, long seconds) {}

    /** One thing that is done to the files. */
    interface Step {
        void run() throws IOException;
    }

    /** @param audience changes when a control plane would send this node something else for the same configuration */
    LastKnownGood(Path folder, Release release, String audience, int messageMax) {
        this.folder = folder;
        this.release = release;
        this.audience = audience;
        this.messageMax = messageMax;
    }

    /** The newest file first. */
    List<Path> files() {
        return List.of(folder.resolve(NAME), folder.resolve(BEFORE));
    }

    /** Empty: there is no such file. */
    Optional<Generation> read(Path file) {
        List<Message> messages = new ArrayList<>();
        String madeFor = "";
        Optional<String> damage = Optional.empty();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            String[] head = line(in).split(" ");
            if (head.length != 5 || !head[0].equals(FORMAT) || !head[1].equals("1")) {
                throw new IOException("it is no file of a configuration");
            }
            if (!head(head[2], head[3]).endsWith(" " + head[4] + "\n")) {
                throw new IOException("its checksum is wrong");
            }
            if (Release.parse(head[2]).major() != release.major()) {
                throw new IOException("it is of release " + head[2]);
            }
            madeFor = head[3];
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                messages.add(message(line.split(" "), in));
            }
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException | RuntimeException broken) {
            damage = Optional.of(String.valueOf(broken.getMessage()));
        }
        if (file.equals(files().get(0))) {
            sound = damage.isEmpty();
        }
        return Optional.of(new Generation(madeFor, messages, damage));
    }

    private Message message(String[] head, InputStream in) throws IOException {
        int length = Integer.parseInt(head[0]);
        if (head.length != 3 || length < 0 || length > messageMax) {
            throw new IOException("a line in it has another form");
        }
        byte[] data = in.readNBytes(length);
        if (data.length < length) {
            throw new IOException("it ends too early");
        }
        if (!checksum(data, head[2]).equals(head[1])) {
            throw new IOException("its checksum is wrong");
        }
        return new Message(Buffer.buffer(data), Long.parseLong(head[2]));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                return line.toString();
            }
            if (line.length() == LINE_MAX) {
                throw new IOException("a line in it has another form");
            }
            line.append((char) next);
        }
        if (line.length() > 0) {
            throw new IOException("it ends too early");
        }
        return "";
    }

    /** What is there is not to be continued, nor to be kept. */
    void distrust() {
        sound = false;
    }

    /** A whole configuration takes the place of what is there. */
    void replace(Message whole) throws IOException {
        for (Step step : replacing(whole)) {
            step.run();
        }
    }

    /** In this order; after any of them what can be read is either the old or the new. */
    List<Step> replacing(Message whole) {
        Path newest = folder.resolve(NAME);
        Path next = folder.resolve(NEXT);
        byte[] head = head(release.toString(), audience).getBytes(StandardCharsets.US_ASCII);
        return List.of(
                () -> Files.createDirectories(folder),
                () -> Files.deleteIfExists(next),
                () -> write(
                        next,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        head,
                        record(whole),
                        whole.data().getBytes()),
                () -> {
                    if (sound) {
                        move(newest, folder.resolve(BEFORE));
                    }
                },
                () -> move(next, newest),
                () -> {
                    sound = true;
                    force(folder);
                });
    }

    /** Whether differences can be added to what is there. */
    boolean continuable() {
        return sound;
    }

    void append(Message difference) throws IOException {
        sound = false;
        write(
                folder.resolve(NAME),
                Set.of(StandardOpenOption.APPEND),
                record(difference),
                difference.data().getBytes());
        sound = true;
    }

    private static byte[] record(Message message) {
        byte[] data = message.data().getBytes();
        String seconds = String.valueOf(message.seconds());
        return (data.length + " " + checksum(data, seconds) + " " + seconds + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static String head(String release, String audience) {
        String said = FORMAT + " 1 " + release + " " + audience;
        return said + " " + sha256(said.getBytes(StandardCharsets.US_ASCII)) + "\n";
    }

    private static String checksum(byte[] data, String seconds) {
        return sha256((seconds + " " + sha256(data)).getBytes(StandardCharsets.US_ASCII));
    }

    private static void write(Path file, Set<? extends OpenOption> how, byte[]... parts) throws IOException {
        FileAttribute<?>[] owner =
                file.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        try (FileChannel channel = FileChannel.open(file, how, owner)) {
            for (byte[] part : parts) {
                ByteBuffer left = ByteBuffer.wrap(part);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
            }
            channel.force(true);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /* So that the names themselves outlive a power cut; not every file system lets a folder be opened. */
    private static void force(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    static String sha256(byte[] data) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
