package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The real launcher, in a checkout whose Maven is a script that copies what the real one built: this very build goes on
 * around the test, so it must not be built again here.
 */
class LauncherIT {
    private static final Path ROOT =
            Path.of(System.getProperty("drawbridge.root")).toAbsolutePath();

    private Path folder;
    private Path home;

    @BeforeEach
    void layOut() throws Exception {
        folder = Files.createTempDirectory("launcher it");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        home = Files.createDirectory(folder.resolve("checkout"));
        Files.copy(ROOT.resolve("drawbridge"), home.resolve("drawbridge"));
        executable(home.resolve("drawbridge"));
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.createDirectories(home.resolve("gateway-app/src/main/java"));
        Files.writeString(home.resolve("gateway-app/src/main/java/A.java"), "class A {}");
        Files.writeString(home.resolve("mvnw"), """
                #!/bin/sh
                echo built >> builds
                [ ! -f broken ] || { echo 'cannot find symbol'; exit 1; }
                mkdir -p gateway-app/target/lib
                cp '%1$s'/gateway-app/target/lib/*.jar gateway-app/target/lib
                cp '%1$s'/gateway-app/target/gateway-app-2.5.0.jar gateway-app/target
                """.formatted(ROOT));
        executable(home.resolve("mvnw"));
        for (Path source : List.of(home.resolve("pom.xml"), home.resolve("gateway-app/src/main/java/A.java"))) {
            Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusSeconds(60)));
        }
    }

    @AfterEach
    void clear() throws Exception {
        run(folder, Map.of(), home.resolve("drawbridge").toString(), "stop");
        run(folder, Map.of(), home.resolve("drawbridge").toString(), "postgres", "stop", "--force");
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    @Test
    void build_onlyWhenThereIsNoneOrSourcesAreNewer() throws Exception {
        Output first = drawbridge("version");
        assertThat(first.err()).isEqualTo("drawbridge: building (needed once, and after changes) ...\n");
        assertThat(first.out()).isEqualTo("2.5.0\n");
        assertThat(home.resolve(".build/current/classes.jsa")).exists();

        Output second = drawbridge("version");
        assertThat(second.err()).isEmpty();
        assertThat(builds()).isEqualTo(1);

        Files.setLastModifiedTime(
                home.resolve("gateway-app/src/main/java/A.java"),
                FileTime.from(Instant.now().plusSeconds(5)));
        Files.writeString(home.resolve("broken"), "");
        Output broken = drawbridge("version");
        assertThat(broken.exit()).isEqualTo(1);
        assertThat(broken.err()).contains("cannot find symbol").contains("the build failed");
        assertThat(builds()).isEqualTo(2);

        Files.delete(home.resolve("broken"));
        assertThat(drawbridge("version").out()).isEqualTo("2.5.0\n");
        assertThat(builds()).isEqualTo(3);
    }

    @Test
    void start_throughALinkFromElsewhere_detachesAndStops() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("else where"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("db"), Path.of("../link"));
        Files.createSymbolicLink(folder.resolve("link"), Path.of("checkout/drawbridge"));
        Map<String, String> environment = Map.of(
                "DRAWBRIDGE_ADMIN_LISTEN",
                "127.0.0.1:0",
                "DRAWBRIDGE_PROXY_LISTEN",
                "off",
                "DRAWBRIDGE_NODE_ID",
                "one");

        Output start = run(elsewhere, environment, link.toString(), "start", "-d");
        assertThat(start.exit()).as(start.err()).isZero();
        assertThat(start.out()).contains("is ready at http://127.0.0.1:");
        assertThat(home.resolve(".drawbridge/postgres/server")).exists();
        Output twice = run(elsewhere, environment, link.toString(), "start");
        assertThat(twice.exit()).isEqualTo(1);
        assertThat(twice.err()).contains("runs already");
        assertThat(run(elsewhere, environment, link.toString(), "health").exit())
                .isZero();
        assertThat(run(elsewhere, environment, link.toString(), "migrations", "list")
                        .exit())
                .isZero();
        assertThat(run(elsewhere, environment, link.toString(), "postgres", "stop")
                        .exit())
                .isEqualTo(1);

        Output stop = run(elsewhere, environment, link.toString(), "stop");
        assertThat(stop.exit()).isZero();
        assertThat(stop.out()).contains("stopped");
        assertThat(run(elsewhere, environment, link.toString(), "postgres", "status")
                        .out())
                .startsWith("stopped\n");
        assertThat(run(elsewhere, environment, link.toString(), "health").exit())
                .isEqualTo(1);
    }

    @Test
    void java_missingOrTooOld_saysWhatIsNeeded() throws Exception {
        Path old = folder.resolve("java");
        Files.writeString(old, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        executable(old);
        Output tooOld = run(folder, Map.of("DRAWBRIDGE_JAVA", old.toString()), home + "/drawbridge", "version");
        assertThat(tooOld.exit()).isEqualTo(1);
        assertThat(tooOld.err()).contains("needs Java 17 or newer, but " + old + " is 11");
        assertThat(home.resolve("builds")).doesNotExist();
    }

    @Test
    void check_namesWhatIsWrong() throws Exception {
        Files.writeString(home.resolve("drawbridge.conf"), "pg_prot = 5432\n");
        Output check = drawbridge("check");
        assertThat(check.exit()).isEqualTo(1);
        assertThat(check.err()).endsWith("drawbridge.conf line 1): unknown key; did you mean 'pg_port'?\n");
        Files.writeString(home.resolve("drawbridge.conf"), "pg_port = 5433\nstream_listen = 0.0.0.0:9000\n");
        Output good = drawbridge("check");
        assertThat(good.exit()).isZero();
        assertThat(good.out()).contains("note: stream_listen").contains("is valid");
    }

    private int builds() throws IOException {
        return Files.readAllLines(home.resolve("builds")).size();
    }

    private Output drawbridge(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("drawbridge").toString()));
        command.addAll(List.of(arguments));
        return run(folder, Map.of(), command.toArray(String[]::new));
    }

    private record Output(int exit, String out, String err) {}

    private Output run(Path directory, Map<String, String> environment, String... command) throws Exception {
        Path out = Files.createTempFile("launcher-out", "");
        Path err = Files.createTempFile("launcher-err", "");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("DRAWBRIDGE_") || name.startsWith("KONG_"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            return new Output(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
