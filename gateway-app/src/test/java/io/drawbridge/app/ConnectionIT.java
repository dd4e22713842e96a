package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.app.Drawbridges.Result;
import io.drawbridge.app.Drawbridges.Running;
import io.drawbridge.postgres.PostgresServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to the database: TLS, another host for migrations, a server that does not answer. */
class ConnectionIT extends ServerFixture {
    @TempDir
    private static Path keysFolder;

    private ServerKeys keys;

    @Override
    PostgresServer startedServer() throws Exception {
        Files.setPosixFilePermissions(keysFolder, PosixFilePermissions.fromString("rwxr-xr-x"));
        keys = ServerKeys.make(keysFolder);
        return PostgresServer.temporary(Map.of(
                "ssl",
                "on",
                "ssl_cert_file",
                keys.certificate().toString(),
                "ssl_key_file",
                keys.key().toString()));
    }

    @Test
    void ssl_on_allConnectionsOfANodeAreEncrypted() throws Exception {
        try (Running node = drawbridge.with("PG_SSL", "on").start()) {
            assertThat(node.addService("one")).isEqualTo(201);
            assertThat(encrypted()).containsExactly("t");
        }
    }

    @Test
    void ssl_verified_trustsTheAuthorityThatIsNamed() throws Exception {
        try (Running node = verifying(keys.authority()).start()) {
            assertThat(node.addService("one")).isEqualTo(201);
            assertThat(encrypted()).containsExactly("t");
        }
    }

    @Test
    void ssl_verified_refusesEveryOther() throws Exception {
        for (Drawbridges distrusting : List.of(
                verifying(keys.otherAuthority()),
                drawbridge.with("PG_SSL", "on").with("PG_SSL_VERIFY", "on"),
                verifying(keys.authority()).with("PG_HOST", "localhost"))) {
            Result list = distrusting.run("migrations", "list");
            assertThat(list.exit()).isEqualTo(1);
            assertThat(list.err())
                    .startsWith("Error: the database cannot be reached: SSL handshake failed")
                    .contains("the server's certificate is not trusted")
                    .contains("pg_host")
                    .contains("lua_ssl_trusted_certificate");
        }
    }

    @Test
    void ssl_on_ofAServerWithout_isAnError() throws Exception {
        try (PostgresServer plain = PostgresServer.temporary(Map.of())) {
            Result list = new Drawbridges(folder)
                    .on(plain.createDatabase())
                    .with("PG_SSL", "on")
                    .run("migrations", "list");
            assertThat(list.exit()).isEqualTo(1);
            assertThat(list.err())
                    .startsWith("Error: the database cannot be reached: ")
                    .contains("SSL");
        }
    }

    @Test
    void migrationHostAndPort_areWhereMigrationsGo() throws Exception {
        Drawbridges elsewhere = drawbridge
                .with("PG_PORT", "1")
                .with("PG_MIGRATION_HOST", "127.0.0.1")
                .with("PG_MIGRATION_PORT", String.valueOf(database.port()));
        assertThat(elsewhere.run("migrations", "bootstrap").exit()).isZero();
        try (Running node = elsewhere.start()) {
            assertThat(node.get("/migrations").statusCode()).isEqualTo(200);
            assertThat(node.get("/services").statusCode()).isEqualTo(503);
        }
        assertThat(drawbridge
                        .with("PG_MIGRATION_PORT", "1")
                        .run("migrations", "list")
                        .exit())
                .isEqualTo(1);
    }

    @Test
    void dbTimeout_bounds_aServerThatNeverAnswers() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
            long startNanos = System.nanoTime();
            Result list = drawbridge
                    .with("PG_PORT", String.valueOf(silent.getLocalPort()))
                    .run("migrations", "list", "--db-timeout", "1");
            assertThat(list.exit()).isEqualTo(1);
            assertThat(list.err()).startsWith("Error: the database cannot be reached: ");
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void dbTimeout_bounds_aStatementThatWaits() throws Exception {
        assertThat(drawbridge.run("migrations", "bootstrap").exit()).isZero();
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE drawbridge_gate IN ACCESS EXCLUSIVE MODE");
            long startNanos = System.nanoTime();
            Result list = drawbridge.run("migrations", "list", "--db-timeout", "0.5");
            assertThat(list.exit()).isEqualTo(1);
            assertThat(list.err()).contains("statement timeout");
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(4));
        }
    }

    private Drawbridges verifying(Path authority) {
        return drawbridge
                .with("PG_SSL", "on")
                .with("PG_SSL_VERIFY", "on")
                .with("LUA_SSL_TRUSTED_CERTIFICATE", authority.toString());
    }

    private List<String> encrypted() {
        return database.query("SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                + " WHERE application_name LIKE 'drawbridge%' AND datname = current_database()");
    }
}
