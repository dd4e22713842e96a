package io.drawbridge.app;

import io.drawbridge.postgres.FolderLock;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/**
 * What a running node leaves under its prefix, so that {@code stop} and {@code health} find it. Immutable.
 *
 * @param member the node's id
 * @param pid of its process
 * @param started when that process began, in seconds; tells a process number that was given again
 * @param release of the node
 * @param adminUrl where its Admin API listens; empty if nowhere
 * @param ready whether it has opened its doors
 */
public record NodeFile(String member, long pid, long started, String release, String adminUrl, boolean ready) {

    /**
     * Leaves the file of this process, not ready yet, unless a node of that id runs at this prefix already, which is an
     * error: two with one id would be one to all others. Of several that try at once, one succeeds.
     */
    static NodeFile claim(Path prefix, String member, String release, String adminUrl) {
        NodeFile mine = new NodeFile(
                member, ProcessHandle.current().pid(), startOf(ProcessHandle.current()), release, adminUrl, false);
        try {
            Files.createDirectories(folder(prefix));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot make " + folder(prefix), failure);
        }
        return FolderLock.locked(folder(prefix), () -> {
            requireAbsent(prefix, member);
            mine.write(prefix);
            return mine;
        });
    }

    public NodeFile readyAt(String url) {
        return new NodeFile(member, pid, started, release, url, true);
    }

    public Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> startOf(process) == started)
                .filter(process -> !isZombie(pid));
    }

    /* Over, but its parent has not asked yet how it ended; Linux alone tells. Its state follows its name in brackets. */
    private static boolean isZombie(long pid) {
        try {
            String status = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            return status.startsWith(" Z ", status.lastIndexOf(')') + 1);
        } catch (IOException unknown) {
            return false;
        }
    }

    public void write(Path prefix) {
        try {
            Path next = Files.createTempFile(folder(prefix), "node", "");
            Files.writeString(
                    next,
                    "member=" + member + "\npid=" + pid + "\nstarted=" + started + "\nrelease=" + release + "\nadmin="
                            + adminUrl + "\nready=" + ready + "\n");
            Files.move(next, file(prefix), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write under " + prefix, failure);
        }
    }

    public void remove(Path prefix) {
        try {
            Files.deleteIfExists(file(prefix));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot remove " + file(prefix), failure);
        }
    }

    /** All nodes of the prefix whose processes live. */
    public static List<NodeFile> live(Path prefix) {
        return all(prefix).stream().filter(node -> node.process().isPresent()).toList();
    }

    private static List<NodeFile> all(Path prefix) {
        List<NodeFile> nodes = new ArrayList<>();
        if (!Files.isDirectory(folder(prefix))) {
            return nodes;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(prefix), "*.node")) {
            for (Path file : files) {
                read(file).ifPresent(nodes::add);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + folder(prefix), failure);
        }
        return nodes;
    }

    /* Files of dead nodes are removed on the way; only under the lock, or one that comes to life could lose its file. */
    private static void requireAbsent(Path prefix, String member) {
        for (NodeFile node : all(prefix)) {
            if (node.process().isEmpty()) {
                node.remove(prefix);
            } else if (node.member().equals(member)) {
                throw new IllegalStateException("node " + member + " runs already at " + prefix + " (pid " + node.pid()
                        + (node.adminUrl().isEmpty() ? "" : ", " + node.adminUrl())
                        + "); for another node here set another admin_listen or node_id");
            }
        }
    }

    /** The id that a node with this address keeps over restarts. */
    static String memberId(Path prefix, String address) {
        Path file = prefix.resolve("ids").resolve(address.replaceAll("[^A-Za-z0-9.]", "_") + ".id");
        try {
            Files.createDirectories(file.getParent());
            if (!Files.exists(file)) {
                Path next = Files.createTempFile(file.getParent(), "id", "");
                Files.writeString(next, UUID.randomUUID() + "\n");
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            return Files.readString(file).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot keep the node's id under " + prefix, failure);
        }
    }

    private Path file(Path prefix) {
        return folder(prefix).resolve(member + ".node");
    }

    private static Path folder(Path prefix) {
        return prefix.resolve("run");
    }

    /* Empty if its node has left just now. */
    private static Optional<NodeFile> read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException left) {
            return Optional.empty();
        }
        return Optional.of(new NodeFile(
                properties.getProperty("member", ""),
                Long.parseLong(properties.getProperty("pid", "0")),
                Long.parseLong(properties.getProperty("started", "0")),
                properties.getProperty("release", ""),
                properties.getProperty("admin", ""),
                Boolean.parseBoolean(properties.getProperty("ready", "false"))));
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::getEpochSecond).orElse(0L);
    }
}
