package io.drawbridge.postgres;

import static io.drawbridge.postgres.PostgresServerException.Error.FOLDER;
import static io.drawbridge.postgres.PostgresServerException.Error.NO_UNPRIVILEGED_USER;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The operating system user that runs the server: the one who runs this JVM, or {@code nobody} if that is root, since
 * PostgreSQL refuses to run as root. Immutable.
 */
final class ServerUser {
    private static final String UNPRIVILEGED = "nobody";
    private static final int PROBE_SECONDS = 10;

    private final UserPrincipal user;
    private final List<String> prefix;

    private ServerUser(UserPrincipal user, List<String> prefix) {
        this.user = user;
        this.prefix = prefix;
    }

    static ServerUser current() {
        if (!isRoot()) {
            return new ServerUser(null, List.of());
        }
        try {
            UserPrincipal nobody =
                    Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(UNPRIVILEGED);
            for (List<String> way : List.of(
                    List.of("setpriv", "--reuid", UNPRIVILEGED, "--regid", group(), "--clear-groups", "--"),
                    List.of("runuser", "-u", UNPRIVILEGED, "--"))) {
                if (works(way)) {
                    return new ServerUser(nobody, way);
                }
            }
        } catch (IOException | UnsupportedOperationException unknown) {
            throw new PostgresServerException(
                    NO_UNPRIVILEGED_USER,
                    "PostgreSQL does not run as root, and there is no user " + UNPRIVILEGED,
                    unknown);
        }
        throw new PostgresServerException(
                NO_UNPRIVILEGED_USER,
                "PostgreSQL does not run as root, and neither 'setpriv' nor 'runuser' (package util-linux) can run it as "
                        + UNPRIVILEGED
                        + "; install one, or start Drawbridge as another user, or use database=postgres");
    }

    static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException noProc) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    /** The command that runs the given one as this user. */
    List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }

    /** Whether this is somebody else than the user of this JVM. */
    boolean other() {
        return user != null;
    }

    /** Gives the file or folder to the server's user, with all that is in it. */
    void own(Path path) {
        if (user == null) {
            return;
        }
        try (var paths = Files.walk(path)) {
            for (Path each : (Iterable<Path>) paths::iterator) {
                Files.setOwner(each, user);
            }
        } catch (IOException failure) {
            throw new PostgresServerException(FOLDER, "cannot give " + path + " to " + user, failure);
        }
    }

    /** Whether the server's user can go into the folder, if need be through those that do not exist yet. */
    boolean reaches(Path folder) {
        if (user == null) {
            return true;
        }
        for (Path each = folder.toAbsolutePath().normalize(); each != null; each = each.getParent()) {
            try {
                if (Files.exists(each)
                        && !Files.getPosixFilePermissions(each).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    return false;
                }
            } catch (IOException | UnsupportedOperationException unreadable) {
                return false;
            }
        }
        return true;
    }

    private static String group() throws IOException {
        /* Debian calls nobody's group nogroup, others nobody: the number is the same everywhere that matters. */
        Path home = Files.createTempFile("drawbridge-group", "");
        try {
            UserPrincipal nobody =
                    home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(UNPRIVILEGED);
            Files.setOwner(home, nobody);
            return String.valueOf(Files.getAttribute(home, "unix:uid"));
        } finally {
            Files.deleteIfExists(home);
        }
    }

    private static boolean works(List<String> way) {
        List<String> probe = new ArrayList<>(way);
        probe.add("true");
        try {
            Process process = new ProcessBuilder(probe)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
