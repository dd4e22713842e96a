package io.drawbridge.core.proxy;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;

/**
 * Bytes on their way from one stream to another, no faster than the other takes them. The streams' handlers are its own. Confined
 * to the event loop of both.
 */
class Flow implements Handler<Buffer> {
    private final ReadStream<Buffer> from;
    private final WriteStream<Buffer> to;
    private long bytes;
    private long moved = System.nanoTime();
    private boolean blocked;
    private boolean over;

    Flow(ReadStream<Buffer> from, WriteStream<Buffer> to) {
        this.from = from;
        this.to = to;
    }

    /** Begins. @param end when all has been handed over @param failure when no more will come */
    final void start(Runnable end, Handler<Throwable> failure) {
        from.exceptionHandler(failed -> {
            if (stop()) {
                failure.handle(failed);
            }
        });
        from.endHandler(ended -> {
            if (stop()) {
                end.run();
            }
        });
        from.handler(this);
        from.resume();
    }

    @Override
    public final void handle(Buffer chunk) {
        if (over) {
            return;
        }
        bytes += chunk.length();
        moved = System.nanoTime();
        write(to, chunk);
        if (!over && to.writeQueueFull()) {
            blocked = true;
            from.pause();
            to.drainHandler(drained -> flowOn());
        }
    }

    /** May be another way to write. */
    void write(WriteStream<Buffer> stream, Buffer chunk) {
        stream.write(chunk);
    }

    private void flowOn() {
        if (blocked && !over) {
            blocked = false;
            moved = System.nanoTime();
            from.resume();
        }
    }

    /** What comes from now on is let go. False if it was over already. */
    final boolean stop() {
        boolean first = !over;
        over = true;
        if (blocked) {
            blocked = false;
            from.resume();
        }
        return first;
    }

    final boolean isOver() {
        return over;
    }

    /** Whether it waits for the one who takes, rather than for the one who gives. */
    final boolean isBlocked() {
        return blocked;
    }

    final long bytes() {
        return bytes;
    }

    /** When something moved last, by {@link System#nanoTime}. */
    final long moved() {
        return moved;
    }
}
