package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.Migration;
import io.drawbridge.migration.postgres.PgStep;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every unit of the release line on PostgreSQL, in the order in which they run: core, then the bundled plugins by name,
 * then our own. A new unit goes to the bottom of its subsystem's list.
 */
public final class PostgresUnits {
    private static final List<Migration<PgStep>> CORE = List.of(
            CoreBase.base(),
            CoreBase.tags(),
            CoreBase.redirects(),
            CoreBase.authorities(),
            CoreWorkspaces.hostHeader(),
            CoreWorkspaces.pathHandling(),
            CoreWorkspaces.farewellToOnes(),
            CoreWorkspaces.workspaces(),
            CoreRecent.values(),
            CoreRecent.spareIndex(),
            CoreRecent.dataPlanes(),
            CoreRecent.parameters());

    private static final List<Migration<PgStep>> ALL = Stream.of(
                    CORE,
                    AclUnits.acl(),
                    RuntimeUnits.acme(),
                    CredentialUnits.basicAuth(),
                    AclUnits.botDetection(),
                    CredentialUnits.hmacAuth(),
                    AclUnits.ipRestriction(),
                    CredentialUnits.jwt(),
                    CredentialUnits.keyAuth(),
                    Oauth2Units.oauth2(),
                    RuntimeUnits.rateLimiting(),
                    RuntimeUnits.responseRateLimiting(),
                    RuntimeUnits.session(),
                    DrawbridgeUnits.drawbridge())
            .flatMap(List::stream)
            .toList();

    private PostgresUnits() {}

    public static List<Migration<PgStep>> all() {
        return ALL;
    }
}
