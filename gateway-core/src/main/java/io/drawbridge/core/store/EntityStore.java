package io.drawbridge.core.store;

import io.vertx.core.Future;

/**
 * Where entities are kept. Every write is atomic and passes the gate in its own transaction. Implementations are
 * thread-safe and bound every wait.
 */
public interface EntityStore extends EntityAccess {
    /**
     * Several reads and writes as one: all happen, or none, behind one look at the gate. What the work reads, others may
     * have changed by the time it writes, unless it read it by {@code update}.
     *
     * @param work may be called again if the database asks for it; must use what it is given one call at a time, and not
     *     afterwards
     */
    <T> Future<T> transact(Work<T> work);

    /**
     * As {@link #transact}, for thousands of writes: one at a time in the whole cluster, and bounded by minutes. Fails with
     * {@code UNAVAILABLE} if it waited too long for another.
     */
    default <T> Future<T> bulk(Work<T> work) {
        return transact(work);
    }

    /**
     * Several reads of what there was at one moment, whatever others write meanwhile; behind no gate.
     *
     * @param work must not write; otherwise as for {@link #transact}
     */
    <T> Future<T> snapshot(Work<T> work);

    /**
     * What is tagged.
     *
     * @param tag only this one; null: all
     * @param after the last one of the page before; null: from the beginning
     * @param size most, 1 to {@link PageRequest#SIZE_MAX}
     */
    Future<Tagged.Page> tags(String tag, Tagged after, int size);

    /** Whether the database answers. */
    Future<Void> ping();

    /** Releases connections. Does not fail. */
    Future<Void> close();

    /** What is done in a transaction. */
    interface Work<T> {
        Future<T> apply(EntityAccess access);
    }
}
