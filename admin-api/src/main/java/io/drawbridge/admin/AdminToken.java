package io.drawbridge.admin;

import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The secret that every request must bring, as {@code Kong-Admin-Token: <token>} or {@code Authorization: Bearer <token>}.
 * Compared in a time that tells nothing of it; never shown. Immutable, thread-safe.
 */
public final class AdminToken {
    /** Fewer characters can be guessed. */
    public static final int LENGTH_MIN = 16;

    private static final String HEADER = "Kong-Admin-Token";
    private static final String BEARER = "Bearer ";

    private final byte[] digest;

    private AdminToken(byte[] digest) {
        this.digest = digest;
    }

    /** @throws IllegalArgumentException if it is shorter than {@link #LENGTH_MIN} or has spaces */
    public static AdminToken of(String token) {
        if (token.length() < LENGTH_MIN || !token.equals(token.strip())) {
            throw new IllegalArgumentException(
                    "a token has at least " + LENGTH_MIN + " characters and no spaces around");
        }
        return new AdminToken(digest(token));
    }

    boolean admits(HttpServerRequest request) {
        String given = request.getHeader(HEADER);
        String bearer = request.getHeader("Authorization");
        if (given == null && bearer != null && bearer.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            given = bearer.substring(BEARER.length()).strip();
        }
        return given != null && MessageDigest.isEqual(digest, digest(given));
    }

    /* Of equal length whatever was given. */
    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return "AdminToken(hidden)";
    }
}
