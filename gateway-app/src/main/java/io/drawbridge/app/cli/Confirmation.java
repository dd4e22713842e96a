package io.drawbridge.app.cli;

import java.io.Console;

/** Asks a person for the name of the database before it is emptied. */
final class Confirmation {
    private static final int TRIES = 3;

    private Confirmation() {}

    /**
     * @param given with {@code --yes-reset}; null if it was not
     * @return whether to go on; false: cancelled
     * @throws IllegalArgumentException if nobody can be asked, or another name was given
     */
    static boolean given(String command, String database, String given, Console console) {
        if (given != null) {
            if (!given.equals(database)) {
                throw new IllegalArgumentException("--yes-reset names '" + given + "', but this is the database '"
                        + database + "': nothing was done");
            }
            return true;
        }
        if (console == null) {
            throw new IllegalArgumentException(
                    "not a tty: invoke '" + command + "' non-interactively with --yes-reset " + database);
        }
        for (int i = 0; i < TRIES; i++) {
            String answer = console.readLine(
                    "> This removes everything that Drawbridge or Kong keeps in the database '%s', for good.%n"
                            + "> Type the database's name to go on, or only Enter to cancel: ",
                    database);
            if (answer == null || answer.isBlank()) {
                return false;
            }
            if (answer.strip().equals(database)) {
                return true;
            }
        }
        return false;
    }
}
