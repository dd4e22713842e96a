package io.drawbridge.core.release.postgres;

import io.drawbridge.postgres.PostgresServer;

/** The one server that the tests of this package share; it ends with this JVM. */
final class Servers {
    private static final PostgresServer SHARED = PostgresServer.temporary();

    private Servers() {}

    static PostgresServer shared() {
        return SHARED;
    }
}
