package io.drawbridge.app.options;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a node without a database has for a configuration. Immutable.
 *
 * @param file loaded at start; empty: the node begins with nothing
 * @param bytesMax most bytes that a configuration may have as JSON
 */
public record DeclarativeOptions(Optional<Path> file, int bytesMax) {}
