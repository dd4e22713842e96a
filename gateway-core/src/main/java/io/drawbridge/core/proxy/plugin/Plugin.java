package io.drawbridge.core.proxy.plugin;

import io.vertx.core.Future;

/**
 * One configured plugin. Its phases are called on the event loop of the request, in the order of {@link PluginKind#priority}; a
 * plugin is shared by all event loops. Thread-safe.
 */
public interface Plugin {
    /**
     * Before the request is sent on. A failure is answered with 500.
     *
     * @return {@link Verdict#PASS}, or what is answered instead of sending the request on
     */
    default Future<Verdict> access(Exchange exchange) {
        return Verdict.PASS;
    }

    /** When the head of the answer is known and before it is sent: may change {@link Exchange#responseHeaders}. */
    default void response(Exchange exchange) {}

    /** When everything is over, however it ended. */
    default void log(Exchange exchange) {}
}
