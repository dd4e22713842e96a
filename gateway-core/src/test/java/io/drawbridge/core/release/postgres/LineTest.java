package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.Release;
import io.drawbridge.postgres.Database;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of the line share: an empty database each, and the engine to move it. */
abstract class LineTest {
    static final Release V1_3 = Release.of(1, 3);
    static final Release V1_5 = Release.of(1, 5);
    static final Release V2_1 = Release.of(2, 1);
    static final Release V2_2 = Release.of(2, 2);
    static final Release V2_3 = Release.of(2, 3);
    static final Release V2_4 = Release.of(2, 4);
    static final Release V2_5 = Release.of(2, 5);

    Vertx vertx;
    Database database;
    Line line;

    @BeforeEach
    void openDatabase() {
        vertx = Vertx.vertx();
        database = Servers.shared().createDatabase();
        line = new Line(vertx, database);
    }

    @AfterEach
    void dropDatabase() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        Servers.shared().dropDatabase(database);
    }

    /** Instead of the empty database: one with the seed's rows, upgraded to this release. */
    void seededAt(Release release) {
        Servers.shared().dropDatabase(database);
        database = Servers.seeded(vertx, release);
        line = new Line(vertx, database);
    }

    /** Statements in one session that says it is this writer; {@code null}: one that says nothing. */
    void writeAs(String writer, String... statements) {
        String[] session = new String[statements.length + 1];
        session[0] = writer == null ? "SELECT 1" : "SELECT set_config('drawbridge.writer', '" + writer + "', false)";
        System.arraycopy(statements, 0, session, 1, statements.length);
        database.execute(session);
    }

    List<String> query(String sql) {
        return database.query(sql);
    }

    String value(String sql) {
        List<String> rows = database.query(sql);
        return rows.isEmpty() ? null : rows.get(0);
    }

    static String resource(String name) {
        try (InputStream in = LineTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
