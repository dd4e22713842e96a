package io.drawbridge.app;

import io.drawbridge.admin.AdminToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that holds the Admin API's secret. */
public final class TokenFile {
    private static final int BYTES_MAX = 4096;

    private TokenFile() {}

    /**
     * The secret, without the spaces around it.
     *
     * @throws IllegalStateException naming the file and what is wrong with it, never what is in it
     */
    public static String read(Path file) {
        try {
            String token =
                    Files.size(file) > BYTES_MAX ? "" : Files.readString(file).strip();
            if (token.length() < AdminToken.LENGTH_MIN || token.chars().anyMatch(Character::isWhitespace)) {
                throw new IllegalStateException("admin_token_file " + file + " must hold one word of at least "
                        + AdminToken.LENGTH_MIN + " characters");
            }
            return token;
        } catch (IOException unreadable) {
            throw new IllegalStateException("admin_token_file " + file + " cannot be read", unreadable);
        }
    }
}
