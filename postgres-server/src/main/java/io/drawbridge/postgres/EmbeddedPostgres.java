package io.drawbridge.postgres;

import static io.drawbridge.postgres.PostgresServerException.Error.FOLDER;
import static io.drawbridge.postgres.PostgresServerException.Error.IN_USE;
import static io.drawbridge.postgres.PostgresServerException.Error.OTHER_MAJOR_VERSION;
import static io.drawbridge.postgres.PostgresServerException.Error.START_FAILED;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL server of a prefix: data that last, in a process of its own which outlives this JVM and is shared by all
 * nodes of the same prefix. The first user starts it, the last one to leave ends it; a user that is killed counts no
 * more. A server is joined only if it runs on this prefix's data, bears its random id and proves to know its password.
 *
 * <p>Stateless but for its folder, which a lock file guards: safe to use from any number of threads and processes. All
 * methods block, for at most about two minutes.
 */
public final class EmbeddedPostgres {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final int PORT_ATTEMPTS = 5;

    /** The database that {@link #join} makes. */
    public static final String DATABASE = "drawbridge";

    private final Path home;
    private final NodeFiles nodes;

    /* Found when first needed. */
    private ServerUser user;
    private PostgresBinaries binaries;

    /** The server of this prefix; nothing is touched yet. */
    public EmbeddedPostgres(Path prefix) {
        this.home = prefix.toAbsolutePath().normalize().resolve("postgres");
        this.nodes = new NodeFiles(home.resolve("nodes"));
    }

    /**
     * Starts the server if it does not run, makes the database {@value #DATABASE} if it is missing, and counts the
     * caller as a user until the lease is closed or this process ends.
     *
     * @param label for {@link #status}, e.g. the node's id
     */
    public Lease join(String label) {
        return locked(() -> {
            ServerFile server = running();
            NodeFiles.Handle handle = nodes.add(label);
            return new Lease(this, handle, server.database(DATABASE));
        });
    }

    /** Starts the server and keeps it running until {@link #stop}, whether anybody uses it or not. */
    public Database start() {
        return locked(() -> {
            ServerFile server = running();
            mark(pinned(), true);
            return server.database(DATABASE);
        });
    }

    /**
     * Stops the server.
     *
     * @param force even while nodes use it; else that fails with {@code IN_USE}
     * @return whether one was running
     */
    public boolean stop(boolean force) {
        if (!Files.exists(serverFile())) {
            return false;
        }
        return locked(() -> {
            List<String> users = nodes.live();
            if (!users.isEmpty() && !force) {
                throw new PostgresServerException(IN_USE, "in use by " + String.join(", ", users));
            }
            mark(pinned(), false);
            mark(stopped(), !users.isEmpty());
            Postmaster postmaster = postmaster(ServerFile.read(serverFile()));
            boolean was = postmaster.process().isPresent();
            postmaster.stop();
            return was;
        });
    }

    /** How the server stands, without changing anything but files of users that are dead. */
    public Status status() {
        if (!Files.exists(serverFile())) {
            return new Status(false, 0, 0, null, List.of(), false);
        }
        return locked(() -> {
            ServerFile server = ServerFile.read(serverFile());
            Postmaster postmaster = postmaster(server);
            long pid = postmaster.process().map(ProcessHandle::pid).orElse(0L);
            return new Status(
                    pid != 0 && postmaster.answers(server),
                    pid,
                    server.port(),
                    server.data(),
                    nodes.live(),
                    Files.exists(pinned()));
        });
    }

    /**
     * How a server stands. Immutable.
     *
     * @param running whether it answers
     * @param pid of its process, 0 if there is none
     * @param port where it listens, or did; 0 if there never was one
     * @param data its folder; null if there never was one
     * @param users labels of those that use it
     * @param kept whether it stays when the last of them leaves
     */
    public record Status(boolean running, long pid, int port, Path data, List<String> users, boolean kept) {}

    /** One user's claim to the running server. Thread-safe. */
    public static final class Lease implements AutoCloseable {
        private final EmbeddedPostgres postgres;
        private final NodeFiles.Handle handle;
        private final Database database;
        private boolean closed;

        private Lease(EmbeddedPostgres postgres, NodeFiles.Handle handle, Database database) {
            this.postgres = postgres;
            this.handle = handle;
            this.database = database;
        }

        public Database database() {
            return database;
        }

        /**
         * Starts the server again, where it was, if its process is gone; does nothing once an operator stopped it.
         *
         * @return whether this call started it
         * @throws PostgresServerException if it cannot be started now, or runs elsewhere than this user knows
         */
        public synchronized boolean revive() {
            return !closed && postgres.revive(database);
        }

        /** Leaves; ends the server if nobody else uses it. */
        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                postgres.leave(handle);
            }
        }
    }

    private boolean revive(Database known) {
        /* Looked at without the lock first: this is asked every second. */
        return dead(known)
                && locked(() -> {
                    boolean still = dead(known);
                    if (still) {
                        ServerFile server = ServerFile.read(serverFile());
                        postmaster(server).start(server);
                        LOG.warn("embedded postgres had died, started again port={}", server.port());
                    }
                    return still;
                });
    }

    private boolean dead(Database known) {
        ServerFile server = ServerFile.read(serverFile());
        if (server.port() != known.port()) {
            throw new PostgresServerException(
                    START_FAILED,
                    "the embedded PostgreSQL has moved to port " + server.port() + ", this node knows port "
                            + known.port() + ": restart the node");
        }
        return !Files.exists(stopped()) && postmaster(server).process().isEmpty();
    }

    private void leave(NodeFiles.Handle handle) {
        locked(() -> {
            handle.close();
            if (nodes.live().isEmpty() && !Files.exists(pinned())) {
                postmaster(ServerFile.read(serverFile())).stop();
                LOG.info("embedded postgres stopped data={}", home);
            }
            return null;
        });
    }

    /** Finds the running server or starts it; under the lock. */
    private ServerFile running() {
        ServerFile server = Files.exists(serverFile()) ? ServerFile.read(serverFile()) : create();
        Postmaster postmaster = postmaster(server);
        if (!postmaster.folder().exists()) {
            throw new PostgresServerException(
                    FOLDER,
                    "the data folder " + server.data() + " is gone; bring it back, or remove " + serverFile()
                            + " to begin with an empty database");
        }
        requireMajor(server.data());
        mark(stopped(), false);
        boolean joined = postmaster.process().isPresent() && postmaster.awaitAnswer(server);
        if (!joined) {
            server = launch(postmaster, server);
        }
        ensureDatabase(server);
        LOG.info("embedded postgres {} port={}", joined ? "joined" : "started", server.port());
        return server;
    }

    private ServerFile create() {
        Path place = home;
        if (!user().reaches(home)) {
            /* E.g. below /root, which the server's user cannot enter. */
            String name = UUID.nameUUIDFromBytes(home.toString().getBytes(StandardCharsets.UTF_8))
                    .toString();
            place = Path.of("/var/lib/drawbridge", name);
            makeFolder(place, "rwxr-xr-x");
        }
        /* The password is on disk before the data are, so that a kill between the two loses nothing. */
        Path draft = home.resolve("draft").resolve("server");
        DataFolder folder = new DataFolder(binaries(), user(), place.resolve("data"));
        if (folder.exists() && !Files.exists(draft)) {
            throw new PostgresServerException(
                    FOLDER,
                    folder.data() + " holds data but " + serverFile() + ", which has their password, is gone; bring it"
                            + " back, or move the data away to begin with an empty database");
        }
        if (!folder.exists()) {
            makeFolder(draft.getParent(), "rwx------");
            ServerFile server = new ServerFile(
                    "drawbridge-" + UUID.randomUUID(), DataFolder.freePort(), folder.data(), DataFolder.newPassword());
            server.write(draft);
            folder.create(server.password(), true);
        }
        ServerFile server = ServerFile.read(draft);
        server.write(serverFile());
        PostgresBinaries.delete(draft.getParent());
        return server;
    }

    private ServerFile launch(Postmaster postmaster, ServerFile known) {
        ServerFile server = known;
        for (int attempt = 1; ; attempt++) {
            if (!DataFolder.free(server.port())) {
                int port = DataFolder.freePort();
                LOG.info("embedded postgres: another program has port={}, moving to {}", server.port(), port);
                server = server.on(port);
            }
            try {
                server.write(serverFile());
                postmaster.start(server);
                if (postmaster.awaitAnswer(server)) {
                    return server;
                }
            } catch (PostgresServerException failure) {
                if (attempt == PORT_ATTEMPTS) {
                    throw failure;
                }
                LOG.debug("embedded postgres: attempt {} to start failed", attempt, failure);
            }
            if (attempt == PORT_ATTEMPTS) {
                throw new PostgresServerException(
                        START_FAILED, "the embedded PostgreSQL ends at once:\n" + DataFolder.tail(postmaster.log()));
            }
        }
    }

    private static void ensureDatabase(ServerFile server) {
        Database administrator = server.database("postgres");
        if (administrator
                .query("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")
                .isEmpty()) {
            administrator.execute("CREATE DATABASE " + DATABASE + " TEMPLATE template0");
        }
    }

    private static void requireMajor(Path data) {
        try {
            String major = Files.readString(data.resolve("PG_VERSION")).strip();
            if (!major.equals(PostgresBinaries.MAJOR)) {
                throw new PostgresServerException(
                        OTHER_MAJOR_VERSION,
                        "the data in " + data + " are of PostgreSQL " + major + ", this release brings "
                                + PostgresBinaries.MAJOR);
            }
        } catch (IOException failure) {
            throw new PostgresServerException(FOLDER, "cannot read " + data, failure);
        }
    }

    private Postmaster postmaster(ServerFile server) {
        return new Postmaster(
                new DataFolder(binaries(), user(), server.data()), server.data().resolveSibling("server.log"));
    }

    private ServerUser user() {
        if (user == null) {
            user = ServerUser.current();
        }
        return user;
    }

    private PostgresBinaries binaries() {
        if (binaries == null) {
            binaries = PostgresBinaries.locate(user());
        }
        return binaries;
    }

    private Path serverFile() {
        return home.resolve("server");
    }

    private Path pinned() {
        return home.resolve("keep");
    }

    /* There while an operator has stopped the server under its users. */
    private Path stopped() {
        return home.resolve("stopped");
    }

    private static void mark(Path mark, boolean there) {
        try {
            if (there) {
                Files.writeString(mark, "");
            } else {
                Files.deleteIfExists(mark);
            }
        } catch (IOException failure) {
            throw new PostgresServerException(FOLDER, "cannot write " + mark, failure);
        }
    }

    private static void makeFolder(Path folder, String mode) {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
        } catch (IOException failure) {
            throw new PostgresServerException(FOLDER, "cannot make the folder " + folder + ": " + failure, failure);
        }
    }

    private <T> T locked(Supplier<T> work) {
        makeFolder(home, user().other() ? "rwx--x--x" : "rwx------");
        return FolderLock.locked(home, work);
    }
}
