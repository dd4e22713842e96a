package io.drawbridge.migration;

import java.util.List;

/**
 * What one check found. Immutable.
 *
 * @param check the check's stable id
 * @param severity whether it blocks
 * @param title what was found
 * @param hint what to do
 * @param rows the offenders by name, bounded to 20, the last one saying how many more there are
 */
public record Finding(String check, Check.Severity severity, String title, String hint, List<String> rows) {
    public Finding {
        rows = List.copyOf(rows);
    }

    public boolean blocks() {
        return severity == Check.Severity.BLOCK;
    }
}
