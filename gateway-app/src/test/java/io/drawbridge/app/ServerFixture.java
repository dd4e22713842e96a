package io.drawbridge.app;

import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A database server for each class, and for each test an empty database on it and the product on that. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServerFixture {
    private PostgresServer server;

    @TempDir
    Path folder;

    Database database;
    Drawbridges drawbridge;

    /** The server that the class works on. */
    PostgresServer startedServer() throws Exception {
        return PostgresServer.temporary();
    }

    @BeforeAll
    void startServer() throws Exception {
        server = startedServer();
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    @BeforeEach
    void createDatabase() {
        database = server.createDatabase();
        drawbridge = new Drawbridges(folder).on(database);
    }

    @AfterEach
    void dropDatabase() {
        drawbridge.close();
        server.dropDatabase(database);
    }

    Drawbridges as(String release) {
        return drawbridge.with("GATEWAY_RELEASE", release);
    }

    Drawbridges.Result migrations(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("migrations"));
        all.addAll(List.of(arguments));
        return drawbridge.run(all.toArray(String[]::new));
    }
}
