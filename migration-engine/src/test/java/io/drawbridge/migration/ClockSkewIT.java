package io.drawbridge.migration;

import static io.drawbridge.migration.Waiting.assertError;
import static io.drawbridge.migration.Waiting.await;
import static io.drawbridge.migration.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.postgres.PgStep;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nodes whose clock is an hour off: only the database's clock says who is alive. The hour lies between the two clocks, so
 * the database is given the wrong one, by a function that stands before the server's own in the search path.
 */
final class ClockSkewIT extends PostgresTest {
    private static final Duration TTL = Duration.ofSeconds(2);

    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void upgrade_nodesAnHourOff_takeoverAndLivenessAreThoseOfTheDatabase(int hours) {
        sql("CREATE SCHEMA wrong; CREATE FUNCTION wrong.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS"
                + " $$ SELECT pg_catalog.clock_timestamp() + interval '" + hours + " hour' $$");
        PgConnectOptions skewed =
                new PgConnectOptions(world.connectOptions()).addProperty("search_path", "wrong,pg_catalog,public");
        await(world.node("a", World.V1, world.connect(skewed)).bootstrap());
        Membership old = new Membership(vertx, world.connect(skewed), options("old", World.V1));
        await(old.start());
        await(world.connect(skewed).announce(Member.of("ghost", "x", World.V1, "node", "")));

        DyingBackend<PgStep> dying = DyingBackend.dyingAt(vertx, world.connect(skewed), 9, true);
        Future<Outcome> life =
                node("victim", dying.backend(), MigrationListener.NONE).up(UpOptions.standard());
        await(dying.died());
        assertThat(life.isComplete()).isFalse();
        long deadNanos = System.nanoTime();
        AtomicLong takenNanos = new AtomicLong();
        MigrationListener listener = new MigrationListener() {
            @Override
            public void leaseTaken(Lease lease) {
                takenNanos.compareAndSet(0, System.nanoTime());
            }
        };
        Migrator<PgStep> heir = node("heir", world.connect(skewed), listener);
        assertThat(await(heir.up(UpOptions.standard())).gate()).hasToString("OPEN(1.0,2.0)");

        assertThat(Duration.ofNanos(takenNanos.get() - deadNanos))
                .as("when the lease ran out, not at once, and not when its beat had stood still for long")
                .isBetween(TTL.dividedBy(2), TTL.multipliedBy(3).dividedBy(2));
        until(() -> silence("ghost").compareTo(TTL) > 0);
        assertThat(silence("old")).isLessThan(TTL);
        assertError(MigrationError.BLOCKED, () -> await(heir.finish(FinishOptions.standard("test"))));
        await(old.stop());
        assertThat(await(heir.finish(FinishOptions.standard("test"))).gate()).hasToString("STEADY(2.0)");
        Duration off = Duration.between(
                Instant.now(), await(world.connect(skewed).audit(1)).get(0).at());
        assertThat(off).isBetween(Duration.ofMinutes(60 * hours - 1), Duration.ofMinutes(60 * hours + 1));
    }

    private Duration silence(String member) {
        return Duration.ofMillis(
                count("SELECT round(extract(epoch FROM wrong.clock_timestamp() - last_seen) * 1000)::bigint"
                        + " FROM wrong.drawbridge_members WHERE id = '" + member + "'"));
    }

    private Migrator<PgStep> node(String member, MigrationBackend<PgStep> backend, MigrationListener listener) {
        return new Migrator<>(vertx, backend, world.catalog(), options(member, World.V2), listener);
    }

    private MigrationOptions options(String member, Release release) {
        return world.options(member, release).timing(TTL, TTL.dividedBy(8), Duration.ofSeconds(30));
    }
}
