package io.drawbridge.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresServerIT {
    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.temporary(Map.of("work_mem", "5MB"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void createDatabase_isFreshAndTakesStatements() {
        Database one = server.createDatabase();
        Database two = server.createDatabase();
        one.execute("CREATE TABLE t (i int)", "INSERT INTO t VALUES (7)");

        assertThat(one.query("SELECT i FROM t")).containsExactly("7");
        assertThat(two.query("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .containsExactly("0");
    }

    @Test
    void settings_areDurableAndCanBeGiven() {
        Database database = server.administrator();

        assertThat(database.query("SHOW fsync")).containsExactly("on");
        assertThat(database.query("SHOW synchronous_commit")).containsExactly("on");
        assertThat(database.query("SHOW work_mem")).containsExactly("5MB");
        assertThat(database.query("SHOW listen_addresses")).containsExactly("127.0.0.1");
        assertThat(database.query("SHOW unix_socket_directories")).containsExactly("");
    }

    @Test
    void login_withAnotherPassword_isRefused() {
        Database good = server.administrator();
        Database bad = new Database(good.host(), good.port(), good.database(), good.user(), "guess");

        assertThatThrownBy(() -> bad.query("SELECT 1"))
                .isInstanceOf(PostgresServerException.class)
                .hasMessageContaining("password authentication failed");
        assertThat(good.toString()).doesNotContain(good.password());
    }

    @Test
    void restart_afterACrash_keepsPortAndData() {
        Database database = server.createDatabase();
        database.execute("CREATE TABLE t (i int)", "INSERT INTO t VALUES (1)");
        int port = server.port();

        server.restart(true);

        assertThat(server.port()).isEqualTo(port);
        assertThat(database.query("SELECT i FROM t")).containsExactly("1");
    }
}
