package io.drawbridge.app.options;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Files that guard the Admin API. Immutable.
 *
 * @param token holds the secret that requests must bring; empty: none
 * @param certificate of the listeners that speak TLS, in PEM; empty: one of our own making
 * @param key of the certificate
 * @param clientAuthority whose certificates clients must have; empty: they need none
 */
public record AdminFiles(
        Optional<Path> token, Optional<Path> certificate, Optional<Path> key, Optional<Path> clientAuthority) {}
