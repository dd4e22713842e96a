package io.drawbridge.core.store;

/** Stable codes of everything that a store can answer but success. A code is never renamed or reused. */
public enum StoreError {
    /** There is no such entity. */
    NOT_FOUND,
    /** The change makes the entity invalid. The violations say how. */
    INVALID,
    /** Another entity has that unique value. The fields say which. */
    UNIQUE,
    /** Another entity has that id. */
    PRIMARY_KEY,
    /** The entity refers to one that does not exist. */
    REFERENCE,
    /** The entity is referred to by another and cannot go. */
    REFERENCED,
    /** This node's release may not write now. Nothing was done. Write to a node of the active release. */
    MIGRATION_PENDING,
    /** The database lost history: writes wait for {@code drawbridge migrations status --accept-restore}. Nothing was done. */
    DATABASE_WENT_BACK,
    /** The database cannot be reached, or not in time; whether this node may write is not known. Nothing was done. */
    UNAVAILABLE,
    /** The write was sent and no answer came: it may or may not have happened. Read back before repeating. */
    OUTCOME_UNKNOWN,
    /** This node has no database: entities are not written one by one. The message says what was asked for. */
    READ_ONLY,
    /** Another configuration is being loaded. Nothing was done; try again. */
    BUSY,
    /** The configuration is larger than this node may keep. Nothing was done. */
    TOO_LARGE,
    /** The database refused for a reason that is nobody's but ours. Look at the log. Nothing was done. */
    DATABASE_ERROR
}
