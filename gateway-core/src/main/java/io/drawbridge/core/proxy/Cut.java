package io.drawbridge.core.proxy;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/** Ends connections of those who take nothing: to close properly is to wait until they have taken what was written. */
public final class Cut {
    private static final String IDLE = "idle";

    private Cut() {}

    /** At once, with what has not been sent yet. */
    public static void off(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            base.channelHandlerContext().close();
        } else {
            connection.close();
        }
    }

    /** It is looked after in another way: the time-out that its server has set for it is taken away. */
    static void freeOfTimeout(HttpConnection connection) {
        if (connection instanceof ConnectionBase base
                && base.channel().pipeline().get(IDLE) != null) {
            base.channel().pipeline().remove(IDLE);
        }
    }
}
