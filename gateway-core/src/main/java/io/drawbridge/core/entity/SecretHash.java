package io.drawbridge.core.entity;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** A secret that cannot be read any more: PBKDF2 with SHA-512, written as a PHC string. */
final class SecretHash {
    private static final int ITERATIONS = 10_000;
    private static final int LENGTH_BYTES = 32;
    /* What the plugin can compare with: PBKDF2, Argon2, bcrypt, scrypt. */
    private static final Pattern KNOWN = Pattern.compile("\\$(pbkdf2-|argon2|2[aby]\\$|scrypt\\$).*", Pattern.DOTALL);

    private SecretHash() {}

    static boolean recognizes(String text) {
        return KNOWN.matcher(text).matches();
    }

    /** @param owner is the salt: unique, and the same input gives the same hash, so that it can be written twice */
    static String of(String secret, UUID owner) {
        byte[] salt = ByteBuffer.allocate(16)
                .putLong(owner.getMostSignificantBits())
                .putLong(owner.getLeastSignificantBits())
                .array();
        PBEKeySpec spec = new PBEKeySpec(secret.toCharArray(), salt, ITERATIONS, LENGTH_BYTES * 8);
        try {
            byte[] hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(spec)
                    .getEncoded();
            Base64.Encoder text = Base64.getEncoder().withoutPadding();
            return "$pbkdf2-sha512$i=" + ITERATIONS + ",l=" + LENGTH_BYTES + "$" + text.encodeToString(salt) + "$"
                    + text.encodeToString(hash);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            spec.clearPassword();
        }
    }
}
