package io.drawbridge.admin;

import io.drawbridge.migration.Release;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** One node of release 2.5 on a database of its own, for all tests of a class. */
abstract class NodeFixture {
    static Database database;
    static AdminNode node;

    private static PostgresServer postgres;

    @BeforeAll
    static void start() {
        postgres = PostgresServer.temporary();
        database = postgres.createDatabase();
        node = new AdminNode(database, Release.of(2, 5)).start(true);
    }

    @AfterAll
    static void stop() {
        node.close();
        postgres.close();
    }

    /* What else a test makes goes with these. */
    @BeforeEach
    void empty() {
        database.execute(
                "SET drawbridge.writer = '2.5/test'; TRUNCATE services, consumers, upstreams, certificates CASCADE");
    }
}
