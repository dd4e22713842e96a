package io.drawbridge.app.options;

import java.util.List;

/** Options that cannot be used, all that is wrong with them at once. Immutable; names no secret. */
public final class OptionsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    public OptionsException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line each: key, place, what is wrong, what is allowed. */
    public List<String> problems() {
        return problems;
    }
}
