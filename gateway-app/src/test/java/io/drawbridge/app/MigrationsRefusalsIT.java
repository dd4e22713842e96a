package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.app.Drawbridges.Result;
import org.junit.jupiter.api.Test;

class MigrationsRefusalsIT extends ServerFixture {
    @Test
    void reset_needsTheDatabasesName() throws Exception {
        assertThat(migrations("bootstrap").exit()).isZero();
        database.execute("CREATE TABLE theirs (i int)");

        Result nobody = migrations("reset", "-y");
        assertThat(nobody.exit()).isEqualTo(1);
        assertThat(nobody.err())
                .contains("not a tty: invoke 'reset' non-interactively with --yes-reset " + database.database());
        Result wrong = migrations("reset", "--yes-reset", "other");
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(migrations("list").exit()).isZero();

        Result reset = migrations("reset", "--yes-reset", database.database());
        assertThat(reset.err()).isEmpty();
        assertThat(reset.out()).isEqualTo("Resetting database...\nDatabase successfully reset\n");
        assertThat(database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
                .containsExactly("theirs");
        assertThat(migrations("list").exit()).isEqualTo(3);
        assertThat(migrations("bootstrap").exit()).isZero();
        assertThat(migrations("bootstrap", "-f").exit()).isEqualTo(1);
        assertThat(migrations("bootstrap", "-f", "--yes-reset", database.database())
                        .lines())
                .startsWith("Resetting database...", "Database successfully reset", "Bootstrapping database...")
                .endsWith("Database is up-to-date");
    }

    @Test
    void force_ofWhatCannotBeForced_isRefusedThoughNothingIsOpen() throws Exception {
        migrations("bootstrap");
        Result finish = drawbridge.run("migrations", "finish", "--force=old-nodes,bogus", "--reason=x");
        assertThat(finish.exit()).isEqualTo(1);
        assertThat(finish.err()).contains("--force must be of: data-planes, foreign, old-nodes, not 'bogus'");
        assertThat(drawbridge.run("migrations", "abort", "--force=bogus").err())
                .contains("--force must be of: new-nodes, not 'bogus'");
        assertThat(drawbridge
                        .run("migrations", "finish", "--force=old-nodes, foreign", "--reason=x")
                        .exit())
                .isZero();
    }

    @Test
    void arguments_areRefusedWithCode1() throws Exception {
        assertThat(migrations("sideways").exit()).isEqualTo(1);
        Result unknown = migrations("up", "--sideways");
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.out()).isEmpty();
        assertThat(unknown.err().lines())
                .containsExactly(
                        "Error: Unknown option: '--sideways'",
                        "Run 'drawbridge migrations up --help' for what can be given.");
        assertThat(migrations().exit()).isEqualTo(1);
        assertThat(migrations("up", "--db-timeout", "abc").exit()).isEqualTo(1);
        assertThat(migrations("up", "--help").exit()).isZero();
        Result noFile = migrations("list", "-c", "/nowhere/kong.conf");
        assertThat(noFile.exit()).isEqualTo(1);
        assertThat(noFile.err()).isEqualTo("Error: no file at: /nowhere/kong.conf\n");
        Result unreachable = drawbridge.with("PG_PORT", "1").run("migrations", "list");
        assertThat(unreachable.exit()).isEqualTo(1);
        Result wrongPassword = drawbridge.with("PG_PASSWORD", "sesame").run("migrations", "list");
        assertThat(wrongPassword.exit()).isEqualTo(1);
        assertThat(wrongPassword.err())
                .contains("password authentication failed")
                .doesNotContain("sesame");
    }

    @Test
    void foreignDatabase_isLeftAlone() throws Exception {
        database.execute("CREATE TABLE services (whatever int)");

        Result bootstrap = migrations("bootstrap");
        assertThat(bootstrap.exit()).isEqualTo(7);
        assertThat(bootstrap.err()).contains("services");
        assertThat(migrations("preflight").exit()).isEqualTo(7);
        assertThat(migrations("list").exit()).isEqualTo(7);
        assertThat(database.query("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .containsExactly("1");
    }
}
