package io.drawbridge.bench;

import org.flywaydb.core.Flyway;

/** A process that applies scripts with Flyway. Arguments: JDBC URL, user, password, folder. */
final class FlywayMain {
    private FlywayMain() {}

    public static void main(String[] arguments) {
        Flyway.configure()
                .dataSource(arguments[0], arguments[1], arguments[2])
                .locations("filesystem:" + arguments[3])
                .placeholderReplacement(false)
                .load()
                .migrate();
    }
}
