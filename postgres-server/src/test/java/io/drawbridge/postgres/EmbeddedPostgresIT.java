package io.drawbridge.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedPostgresIT {
    private Path prefix;
    private EmbeddedPostgres postgres;

    @BeforeEach
    void makePrefix() throws Exception {
        prefix = Files.createTempDirectory("embedded-postgres-it");
        Files.setPosixFilePermissions(prefix, PosixFilePermissions.fromString("rwxr-xr-x"));
        postgres = new EmbeddedPostgres(prefix);
    }

    @AfterEach
    void stop() {
        postgres.stop(true);
        PostgresBinaries.delete(prefix);
    }

    @Test
    void join_theLastToLeave_endsTheServerAndDataStay() {
        try (EmbeddedPostgres.Lease first = postgres.join("first")) {
            first.database().execute("CREATE TABLE t (i int)", "INSERT INTO t VALUES (1)");
            long pid = postgres.status().pid();
            try (EmbeddedPostgres.Lease second = new EmbeddedPostgres(prefix).join("second")) {
                assertThat(second.database()).isEqualTo(first.database());
                assertThat(postgres.status().users()).containsExactlyInAnyOrder("first", "second");
            }
            assertThat(postgres.status().pid()).isEqualTo(pid);
            assertThat(postgres.status().users()).containsExactly("first");
        }
        assertThat(postgres.status().running()).isFalse();
        assertThat(postgres.status().pid()).isZero();
        assertThat(rowsOfNewUser()).containsExactly("1");
    }

    @Test
    void join_isSafeFromOthers() throws Exception {
        try (EmbeddedPostgres.Lease lease = postgres.join("node")) {
            assertThat(lease.database().query("SHOW fsync")).containsExactly("on");
            assertThat(lease.database().query("SHOW listen_addresses")).containsExactly("127.0.0.1");
            assertThat(lease.database()
                            .query("SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'"))
                    .containsExactly("0");
            for (String file : List.of("server", "password", "server.log")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                                prefix.resolve("postgres").resolve(file))))
                        .as(file)
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void join_afterANodeWasKilled_findsTheSameServer() throws Exception {
        ChildJvm child = ChildJvm.node(prefix);
        long pid = postgres.status().pid();
        child.kill();

        assertThat(postgres.status().users()).isEmpty();
        assertThat(postgres.status().running()).isTrue();
        try (EmbeddedPostgres.Lease lease = postgres.join("next")) {
            assertThat(lease.database().port()).isEqualTo(Integer.parseInt(child.firstLine));
            assertThat(postgres.status().pid()).isEqualTo(pid);
        }
        assertThat(postgres.status().running()).isFalse();
    }

    @Test
    void leave_whileAnotherProcessUsesIt_leavesItRunning() throws Exception {
        try (ChildJvm child = ChildJvm.node(prefix)) {
            postgres.join("here").close();
            assertThat(postgres.status().running()).isTrue();
            child.leave();
            assertThat(postgres.status().running()).isFalse();
        }
    }

    @Test
    void join_afterEverythingWasKilled_losesNothing() throws Exception {
        ChildJvm child = ChildJvm.node(prefix);
        try (EmbeddedPostgres.Lease lease = postgres.join("here")) {
            lease.database().execute("CREATE TABLE t (i int)", "INSERT INTO t VALUES (2)");
            child.kill();
            ProcessHandle.of(postgres.status().pid()).orElseThrow().destroyForcibly();
        }
        assertThat(rowsOfNewUser()).containsExactly("2");
    }

    @Test
    void join_portTakenByAnotherServer_movesAndDoesNotAdoptIt() throws Exception {
        int port;
        try (EmbeddedPostgres.Lease lease = postgres.join("node")) {
            lease.database().execute("CREATE TABLE t (i int)", "INSERT INTO t VALUES (3)");
            port = lease.database().port();
        }
        try (PostgresServer stranger = PostgresServer.temporaryOn(port)) {
            assertThat(stranger.port()).isEqualTo(port);
            assertThat(rowsOfNewUser()).containsExactly("3");
            assertThat(postgres.status().port()).isNotEqualTo(port);
        }
    }

    @Test
    void join_pidFileNamesAnotherProcess_starts() throws Exception {
        postgres.join("node").close();
        ServerFile server = ServerFile.read(prefix.resolve("postgres/server"));
        Files.writeString(
                server.data().resolve("postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + server.data() + "\n1\n" + server.port()
                        + "\n\n127.0.0.1\n  1 1\nready\n");

        try (EmbeddedPostgres.Lease lease = postgres.join("node")) {
            assertThat(lease.database().query("SELECT 1")).containsExactly("1");
        }
    }

    @Test
    void join_afterAKillInTheMiddleOfInitdb_beginsAgain() throws Exception {
        Files.createDirectories(prefix.resolve("postgres/initdb-1/base"));
        Files.createDirectories(prefix.resolve("postgres/draft"));
        Files.writeString(prefix.resolve("postgres/draft/server"), "id=half");

        try (EmbeddedPostgres.Lease lease = postgres.join("node")) {
            assertThat(lease.database().query("SELECT 1")).containsExactly("1");
        }
        assertThat(prefix.resolve("postgres/initdb-1")).doesNotExist();
    }

    @Test
    void join_manyProcessesAtOnce_makeOneServer() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(ChildJvm.start("node", prefix.toString()));
        }
        List<String> ports = new ArrayList<>();
        for (Process each : processes) {
            ports.add(ChildJvm.await(each).firstLine);
        }
        assertThat(ports).hasSize(4).containsOnly(ports.get(0));
        assertThat(postgres.status().users()).hasSize(4);
        processes.forEach(Process::destroyForcibly);
        for (Process each : processes) {
            each.waitFor();
        }
        assertThat(postgres.status().users()).isEmpty();
    }

    @Test
    void stop_whileInUse_isRefusedUnlessForced() {
        try (EmbeddedPostgres.Lease lease = postgres.join("node-7")) {
            assertThatThrownBy(() -> postgres.stop(false)).hasMessageContaining("node-7");
            assertThat(lease.database().query("SELECT 1")).containsExactly("1");
            assertThat(postgres.stop(true)).isTrue();
            assertThat(postgres.status().running()).isFalse();
        }
    }

    @Test
    void start_keepsItRunningWhenTheLastLeaves() {
        postgres.start();
        postgres.join("node").close();

        assertThat(postgres.status().running()).isTrue();
        assertThat(postgres.status().kept()).isTrue();
        assertThat(postgres.stop(false)).isTrue();
        assertThat(postgres.stop(false)).isFalse();
    }

    @Test
    void temporaryServer_itsJvmKilled_endsAndLeavesNothing() throws Exception {
        ChildJvm child = ChildJvm.temporary();
        String[] line = child.firstLine.split(" ");
        int port = Integer.parseInt(line[0]);
        ProcessHandle watchdog = ProcessHandle.of(Long.parseLong(line[1])).orElseThrow();
        long server = watchdog.children().findFirst().orElseThrow().pid();
        Path data = Path.of("/proc", String.valueOf(server), "cwd").toRealPath();

        child.kill();
        watchdog.onExit().get(20, TimeUnit.SECONDS);

        assertThat(data.getParent()).doesNotExist();
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.isBound()).isTrue();
        }
    }

    private List<String> rowsOfNewUser() {
        try (EmbeddedPostgres.Lease lease = postgres.join("reader")) {
            return lease.database().query("SELECT i FROM t");
        }
    }
}
