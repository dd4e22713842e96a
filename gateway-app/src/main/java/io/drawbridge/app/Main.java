package io.drawbridge.app;

import io.drawbridge.app.cli.Drawbridge;

/** Where the process begins, and the only place that ends it. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Drawbridge.run(arguments));
    }
}
