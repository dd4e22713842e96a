package io.drawbridge.app.cli;

/** Texts that clients of Kong's command line look for, with this product's name where it is the command's. */
final class Words {
    /* The blank after "first." is Kong's. */
    static final String NEEDS_BOOTSTRAP = """
            Database needs bootstrapping or is older than Kong 1.0.

            To start a new installation from scratch, run 'drawbridge migrations bootstrap'.

            To migrate from a version older than 1.0, migrated to Kong 1.5.0 first.\s
            If you still have 'apis' entities, you can convert them to Routes and Services
            using the 'kong migrations migrate-apis' command in Kong 1.5.0.
            """;

    static final String BOOTSTRAPPING = "Bootstrapping database...";
    static final String ALREADY_BOOTSTRAPPED = "Database already bootstrapped";
    static final String UP_TO_DATE = "Database is up-to-date";
    static final String ALREADY_UP_TO_DATE = "Database is already up-to-date";
    static final String PENDING_RUN_FINISH = "Database has pending migrations; run 'drawbridge migrations finish'";
    static final String PENDING_WHEN_READY = PENDING_RUN_FINISH + " when ready";
    static final String NO_PENDING = "No pending migrations to finish";
    static final String NEW_AVAILABLE = "New migrations available; run 'drawbridge migrations up' to proceed";
    static final String NEW_AVAILABLE_THROUGH =
            "New migrations available; run 'drawbridge migrations up --through' to proceed";
    static final String FINISH_WHEN_READY = "Run 'drawbridge migrations finish' when ready";
    static final String RUN_UP = "Run 'drawbridge migrations up' to proceed";
    static final String RUN_UP_THROUGH =
            "Run 'drawbridge migrations up --through' to go through all of them, or 'up' and 'finish' with each of these"
                    + " releases in turn";
    static final String LED_BY_OTHER = "another node performed the database changes";
    static final String NOTHING_TO_RESET = "Database not bootstrapped, nothing to reset";

    static final String NO_DATABASE =
            "this node has no database (database = off), so there is nothing to migrate: its configuration is the file"
                    + " that declarative_config names, or what POST /config brings";

    /* Kong's lines. */
    static String needsDatabase(String command) {
        return "'drawbridge config " + command + "' only works with a database.\n"
                + "When using a declarative config file without one, name it in declarative_config, or POST it to /config.";
    }

    private Words() {}
}
