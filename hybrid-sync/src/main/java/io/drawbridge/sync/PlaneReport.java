package io.drawbridge.sync;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What a data plane says of a configuration, besides its pings. Immutable.
 *
 * @param digest which one; null: the last
 * @param reason for people; empty if it was taken over
 * @param whole whether it may take it over if it gets it as a whole
 */
record PlaneReport(Kind kind, String digest, String reason, boolean whole) {
    /** What became of it. */
    enum Kind {
        TAKEN,
        REFUSED,
        /** Something that later releases say. */
        OTHER
    }

    /** Empty: it is no report. */
    static Optional<PlaneReport> of(Buffer message) {
        try {
            JsonObject json = new JsonObject(message);
            return Optional.of(
                    switch (json.getString("type", "")) {
                        case "ack" -> new PlaneReport(Kind.TAKEN, json.getString("digest"), "", false);
                        case "nack" ->
                            new PlaneReport(
                                    Kind.REFUSED,
                                    json.getString("digest"),
                                    where(json),
                                    json.getBoolean("whole", false));
                        case "error" -> kong(json.getJsonObject("error", new JsonObject()));
                        default -> new PlaneReport(Kind.OTHER, null, "", false);
                    });
        } catch (DecodeException | ClassCastException garbage) {
            return Optional.empty();
        }
    }

    private static PlaneReport kong(JsonObject error) {
        String reason = error.getString("name", "error") + ": " + error.getString("message", "");
        return new PlaneReport(Kind.REFUSED, error.getString("config_hash"), reason, false);
    }

    private static String where(JsonObject nack) {
        String entity = nack.getString("entity");
        String field = nack.getString("field");
        return (entity == null ? "" : entity + (field == null ? "" : "." + field) + ": ")
                + nack.getString("reason", "");
    }
}
