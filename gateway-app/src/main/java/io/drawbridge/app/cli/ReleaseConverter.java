package io.drawbridge.app.cli;

import io.drawbridge.migration.Release;
import picocli.CommandLine.ITypeConverter;

/** Reads a release from an argument. */
final class ReleaseConverter implements ITypeConverter<Release> {
    @Override
    public Release convert(String text) {
        return Release.parse(text);
    }
}
