package io.drawbridge.core.proxy.plugin.builtin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** The fields of a body that has some. */
sealed interface BodyFields permits BodyFields.Form, BodyFields.Json, Multipart {
    /** All values of a name. */
    List<String> values(String name);

    /** The body without them. */
    Buffer without(String name);

    /**
     * By its type.
     *
     * @param type null if none is given
     * @throws IllegalArgumentException if bodies of the type have no fields, or this one is malformed
     */
    static BodyFields of(String type, Buffer body) {
        String media = type == null ? "" : type.toLowerCase(Locale.ROOT);
        if (media.startsWith("application/x-www-form-urlencoded")) {
            return new Form(body.toString());
        }
        if (media.startsWith("application/json")) {
            return Json.of(body);
        }
        if (media.startsWith("multipart/form-data")) {
            return Multipart.of(type, body);
        }
        throw new IllegalArgumentException("unsupported content type");
    }

    /** As browsers send it. */
    record Form(String text) implements BodyFields {
        @Override
        public List<String> values(String name) {
            return FormText.values(text, name);
        }

        @Override
        public Buffer without(String name) {
            String rest = FormText.without(text, name);
            return rest == null ? Buffer.buffer() : Buffer.buffer(rest);
        }
    }

    /** An object. */
    record Json(JsonObject object) implements BodyFields {
        static Json of(Buffer body) {
            try {
                return new Json(body.toJsonObject());
            } catch (RuntimeException malformed) {
                throw new IllegalArgumentException("malformed JSON", malformed);
            }
        }

        /* An array stands for several. */
        @Override
        public List<String> values(String name) {
            Object value = object.getValue(name);
            if (value instanceof JsonArray array) {
                return array.stream().map(String::valueOf).toList();
            }
            return value instanceof String text ? List.of(text) : List.of();
        }

        @Override
        public Buffer without(String name) {
            JsonObject rest = object.copy();
            rest.remove(name);
            return rest.toBuffer();
        }
    }
}
