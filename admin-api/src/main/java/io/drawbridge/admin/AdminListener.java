package io.drawbridge.admin;

import java.time.Duration;

/** Hears of every answered request, on its event loop. Must return quickly and not throw. */
public interface AdminListener {
    AdminListener NONE = (method, route, status, took) -> {};

    /** @param route the pattern, e.g. {@code /services/{services}}; {@code unknown} if none matched */
    void answered(String method, String route, int status, Duration took);
}
