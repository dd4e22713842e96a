package io.drawbridge.migration;

import io.drawbridge.migration.postgres.PgStep;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All points with -Pchaos, some of them else. */
final class PostgresSurvivalIT extends SurvivalContract<PgStep> {
    private static final boolean CHAOS = Boolean.getBoolean("drawbridge.chaos");

    @RegisterExtension
    static final PostgresFixture POSTGRES = new PostgresFixture();

    @Override
    World<PgStep> world() {
        return POSTGRES.world();
    }

    @Override
    int killStride() {
        return CHAOS ? 1 : 4;
    }

    @Override
    int zombieStride() {
        return CHAOS ? 1 : 7;
    }
}
