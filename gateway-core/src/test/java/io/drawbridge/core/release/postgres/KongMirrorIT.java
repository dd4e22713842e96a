package io.drawbridge.core.release.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.migration.Lease;
import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PostgresMigrationBackend;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Kong's tables say what Kong's own tools would have written. */
class KongMirrorIT extends LineTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final KongMirror mirror = new KongMirror();

    @Test
    void after_a_bootstrap_every_unit_is_executed_and_pending_is_null_where_nothing_ever_waited() {
        line.bootstrap(V2_5);

        assertThat(meta("acl"))
                .isEqualTo("004_212_to_213|{000_base_acl,002_130_to_140,003_200_to_210,004_212_to_213}|{}");
        assertThat(meta("acme")).isEqualTo("000_base_acme|{000_base_acme}|null");
        assertThat(meta("bot-detection")).isEqualTo("001_200_to_210|{001_200_to_210}|{}");
        assertThat(meta("rate-limiting"))
                .isEqualTo("004_200_to_210|{000_base_rate_limiting,003_10_to_112,004_200_to_210}|null");
        assertThat(meta("core"))
                .isEqualTo("013_220_to_230|{000_base,003_100_to_110,004_110_to_120,005_120_to_130,006_130_to_140,"
                        + "007_140_to_150,008_150_to_200,009_200_to_210,010_210_to_211,011_212_to_213,012_213_to_220,"
                        + "013_220_to_230}|{}");
        assertThat(query("SELECT subsystem FROM schema_meta WHERE key <> 'schema_meta'"))
                .isEmpty();
        assertThat(query("SELECT key FROM locks")).isEmpty();
    }

    @Test
    void between_up_and_finish_units_with_a_second_phase_are_pending() {
        line.bootstrap(V1_5);
        line.up(V2_1);

        assertThat(meta("core"))
                .isEqualTo("011_212_to_213|{000_base,003_100_to_110,004_110_to_120,005_120_to_130,006_130_to_140,"
                        + "007_140_to_150,010_210_to_211,011_212_to_213}|{008_150_to_200,009_200_to_210}");
        assertThat(meta("acl"))
                .isEqualTo("002_130_to_140|{000_base_acl,002_130_to_140}|{003_200_to_210,004_212_to_213}");
        assertThat(meta("bot-detection")).isEqualTo("null|null|{001_200_to_210}");
        assertThat(meta("oauth2"))
                .isEqualTo("005_210_to_211|{000_base_oauth2,003_130_to_140,005_210_to_211}|{004_200_to_210}");
        assertThat(meta("rate-limiting"))
                .isEqualTo("004_200_to_210|{000_base_rate_limiting,003_10_to_112,004_200_to_210}|null");

        line.finish(V2_1);

        assertThat(meta("bot-detection")).isEqualTo("001_200_to_210|{001_200_to_210}|{}");
        assertThat(meta("oauth2"))
                .isEqualTo("004_200_to_210|{000_base_oauth2,003_130_to_140,005_210_to_211,004_200_to_210}|{}");
        assertThat(meta("core"))
                .isEqualTo("009_200_to_210|{000_base,003_100_to_110,004_110_to_120,005_120_to_130,006_130_to_140,"
                        + "007_140_to_150,010_210_to_211,011_212_to_213,008_150_to_200,009_200_to_210}|{}");
    }

    @Test
    void an_abort_leaves_no_unit_of_the_release_behind() {
        line.bootstrap(V1_5);
        line.up(V2_1);
        line.abort(V2_1);

        assertThat(query("SELECT subsystem FROM schema_meta WHERE subsystem IN ('bot-detection', 'acme')"))
                .isEmpty();
        assertThat(meta("acl")).isEqualTo("002_130_to_140|{000_base_acl,002_130_to_140}|{}");
        assertThat(meta("core")).startsWith("007_140_to_150|").endsWith("|{}");
    }

    @Test
    void doubled_entries_that_another_tool_left_are_read_as_a_set_and_not_added_to() {
        line.bootstrap(V2_4);
        database.execute("UPDATE schema_meta SET executed = executed || executed WHERE subsystem = 'session'");

        Map<String, Boolean> units = with(connection -> mirror.read(connection)).orElseThrow();
        line.up(V2_5);
        line.finish(V2_5);

        assertThat(units).containsEntry("session/000_base_session", true).containsEntry("core/000_base", true);
        assertThat(meta("session"))
                .isEqualTo(
                        "001_add_ttl_index|{000_base_session,001_add_ttl_index,000_base_session,001_add_ttl_index}|null");
    }

    @Test
    void an_empty_database_has_no_bookkeeping_and_an_empty_table_has_no_units() {
        assertThat(units()).isEmpty();

        with(connection -> mirror.prepare(connection));

        assertThat(units().orElseThrow()).isEmpty();
    }

    @Test
    void the_lock_has_one_holder_and_outlives_nobody() {
        assertThat(held("a")).isTrue();
        assertThat(held("b")).isFalse();
        assertThat(held("a")).isTrue();
        with(connection -> mirror.renew(connection, "b", MINUTE));
        assertThat(query("SELECT key || ' ' || owner FROM locks")).containsExactly("migrations a");
        assertThat(value(
                        "SELECT ttl BETWEEN clock_timestamp() + interval '50 s' AND clock_timestamp() + interval '61 s'"
                                + " FROM locks"))
                .isEqualTo("t");

        database.execute("UPDATE locks SET ttl = clock_timestamp() - interval '1 s'");
        assertThat(held("b")).isTrue();
        with(connection -> mirror.release(connection, "a"));
        assertThat(query("SELECT owner FROM locks")).containsExactly("b");
        with(connection -> mirror.release(connection, "b"));
        assertThat(query("SELECT owner FROM locks")).isEmpty();
    }

    /* A VACUUM FULL, or somebody's session left open. */
    @Test
    void their_lock_table_locked_by_somebody_holds_up_no_lease_of_ours() throws Exception {
        line.bootstrap(V2_5);
        PostgresMigrationBackend backend = PostgresMigrationBackend.create(
                vertx, connect(), EngineTables.standard(), mirror, PostgresMigrationOptions.defaults());
        Duration ttl = Duration.ofSeconds(30);
        Lease lease = soon(backend.acquire("migrations", "a", "x", ttl, null)).orElseThrow();
        try (Connection somebody = database.connect()) {
            somebody.setAutoCommit(false);
            somebody.createStatement().execute("LOCK TABLE locks");

            soon(backend.renew(lease, ttl, "still here"));
            soon(backend.release(lease));
            assertThatThrownBy(() -> soon(backend.acquire("migrations", "b", "y", ttl, null)))
                    .hasRootCauseInstanceOf(PgException.class);
            assertThat(query("SELECT name FROM drawbridge_lease WHERE expires_at > clock_timestamp()"))
                    .as("nobody leads without their lock, and nobody keeps others from it")
                    .isEmpty();
            somebody.rollback();
        }
        assertThat(soon(backend.acquire("migrations", "b", "y", ttl, null)))
                .as("their lock of a could not be given back, so it lasts as long as its time")
                .isEmpty();
        assertThat(soon(backend.acquire("migrations", "a", "x", ttl, null))).isPresent();
        soon(backend.close());
    }

    @Test
    void strangers_are_others_in_this_database_and_never_ourselves() throws Exception {
        try (Connection stranger = database.connect()) {
            stranger.createStatement().execute("SET application_name = 'nginx'");
            assertThat(strangers()).singleElement().asString().contains("(nginx)", database.user());
            stranger.createStatement().execute("SET application_name = 'drawbridge-step/1'");
            assertThat(strangers()).isEmpty();
        }
    }

    @Test
    void reset_removes_what_is_ours_and_nothing_else() {
        line.bootstrap(V2_5);
        database.execute("CREATE TABLE somebody_elses (id integer)");

        line.as(V2_5, migrator -> migrator.reset());

        assertThat(query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .containsExactly("somebody_elses");
        assertThat(query("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"))
                .isEmpty();
    }

    private String meta(String subsystem) {
        return value("SELECT coalesce(last_executed, 'null') || '|' || coalesce(executed::text, 'null') || '|'"
                + " || coalesce(pending::text, 'null') FROM schema_meta WHERE key = 'schema_meta' AND subsystem = '"
                + subsystem + "'");
    }

    private Optional<Map<String, Boolean>> units() {
        return with(mirror::read);
    }

    private boolean held(String holder) {
        return with(connection -> mirror.hold(connection, holder, MINUTE));
    }

    private List<String> strangers() {
        return with(mirror::strangers);
    }

    private <T> T with(Function<SqlConnection, Future<T>> work) {
        return within(
                30,
                PgConnection.connect(vertx, connect())
                        .compose(connection -> work.apply(connection).eventually(connection::close)));
    }

    private PgConnectOptions connect() {
        return new PgConnectOptions()
                .setHost(database.host())
                .setPort(database.port())
                .setDatabase(database.database())
                .setUser(database.user())
                .setPassword(database.password())
                .addProperty("application_name", "drawbridge");
    }

    private static <T> T soon(Future<T> future) {
        return within(3, future);
    }

    private static <T> T within(int seconds, Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
