package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.Release;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The one server that the tests of this package share; it ends with this JVM. */
final class Servers {
    private static final PostgresServer SHARED = PostgresServer.temporary();
    private static final Map<Release, Database> SEEDED = new HashMap<>();

    private Servers() {}

    static PostgresServer shared() {
        return SHARED;
    }

    /** A database of its own, filled at 1.5 with the seed and upgraded to this release. */
    static synchronized Database seeded(Vertx vertx, Release release) {
        if (!SEEDED.containsKey(release)) {
            SEEDED.put(release, upgraded(vertx, release));
        }
        return copy(SEEDED.get(release));
    }

    private static Database upgraded(Vertx vertx, Release release) {
        Release first = LineTest.V1_5;
        if (release.equals(first)) {
            Database fresh = SHARED.createDatabase();
            new Line(vertx, fresh).bootstrap(first);
            fresh.execute(
                    "SELECT set_config('drawbridge.writer', '1.5/seed', false)", LineTest.resource("seed-1.5.sql"));
            return fresh;
        }
        Release before = Line.RELEASES.get(Line.RELEASES.indexOf(release) - 1);
        Database database = seeded(vertx, before);
        new Line(vertx, database).through(before, release);
        return database;
    }

    private static Database copy(Database template) {
        String name = "copy_" + UUID.randomUUID().toString().replace("-", "");
        SHARED.administrator().execute("CREATE DATABASE " + name + " TEMPLATE " + template.database());
        return SHARED.administrator().named(name);
    }
}
