package io.drawbridge.migration;

/**
 * What the caller allows beyond continuing what is under way. Immutable.
 *
 * @param bootstrap may fill an empty database
 * @param hop may begin the upgrade to this node's release
 * @param overHold may do so although an abort put it on hold
 */
record Intent(boolean bootstrap, boolean hop, boolean overHold) {
    static final Intent BOOTSTRAP = new Intent(true, false, false);
    static final Intent START = new Intent(true, true, false);
    static final Intent UP = new Intent(false, true, true);
    static final Intent RESUME = new Intent(false, false, false);
}
