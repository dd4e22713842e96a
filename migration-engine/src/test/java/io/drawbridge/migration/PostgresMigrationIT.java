package io.drawbridge.migration;

import io.drawbridge.migration.postgres.PgStep;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PostgresMigrationIT extends MigrationContract<PgStep> {
    @RegisterExtension
    static final PostgresFixture POSTGRES = new PostgresFixture();

    @Override
    World<PgStep> world() {
        return POSTGRES.world();
    }
}
