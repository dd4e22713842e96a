package io.drawbridge.sync;

import io.vertx.core.json.JsonObject;

/** What was sent to a data plane, and whether the next has to be a whole configuration. Confined to the control plane's context. */
final class Sent {
    private long whole;
    private long deltas;
    private long gaps;
    private boolean last;
    private boolean wholeNext;

    /** @param base what it had: not nothing, and yet it gets a whole one, is a gap */
    void now(Payload payload, String base) {
        last = !payload.delta();
        whole += last ? 1 : 0;
        deltas += last ? 0 : 1;
        gaps += last && !base.equals(DataPlaneLink.NOTHING) ? 1 : 0;
    }

    /** It could not use what was sent. @return whether a whole configuration is worth a try: not after one */
    boolean again() {
        wholeNext = !last;
        return wholeNext;
    }

    void taken() {
        wholeNext = false;
    }

    boolean wholeNext() {
        return wholeNext;
    }

    /** For people. */
    void tell(JsonObject details) {
        details.put("sent_whole", whole).put("sent_delta", deltas).put("gaps", gaps);
    }
}
