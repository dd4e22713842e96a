package io.drawbridge.core.declarative;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A document of the declarative format, read entry by entry, so that it need not be in memory as a whole. */
public interface Document {
    /** Most values in an entry, what is nested in it included: that much is in memory at once. */
    int ENTRY_VALUES_MAX = 200_000;

    /**
     * Tells what there is, in the document's order.
     *
     * @throws DeclarativeException if it cannot be parsed
     */
    void read(Members members);

    /** Hears what a document has. */
    interface Members {
        /** A member of the top level that is no list, or an empty one. */
        void member(String name, Object value);

        /** @param number in its list, from 1 */
        void entry(String name, int number, Object value);
    }

    /** As maps, lists, texts, numbers, booleans and nulls; for documents that fit into memory. */
    default Map<String, Object> whole() {
        Collected whole = new Collected();
        read(whole);
        return whole.document();
    }

    /** What was parsed already. */
    static Document of(Map<String, Object> parsed) {
        return members -> parsed.forEach((name, value) -> {
            if (value instanceof List<?> list && !list.isEmpty()) {
                for (int i = 0; i < list.size(); i++) {
                    members.entry(name, i + 1, list.get(i));
                }
            } else {
                members.member(name, value);
            }
        });
    }

    /** @param bytes UTF-8; read once */
    static Document json(InputStream bytes) {
        return members -> text(bytes, text -> json(text, members));
    }

    /** @param bytes UTF-8; read once */
    static Document yaml(InputStream bytes) {
        return members -> text(bytes, text -> Yaml.read(text, members));
    }

    private static void text(InputStream bytes, Parsing parsing) {
        try {
            /* What is no UTF-8 is an error, not a question mark. */
            parsing.parse(new InputStreamReader(
                    new BufferedInputStream(bytes, 64 * 1024), StandardCharsets.UTF_8.newDecoder()));
        } catch (CharacterCodingException wrong) {
            throw DeclarativeException.unparsed("not UTF-8");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (UncheckedIOException failure) {
            throw failure.getCause() instanceof CharacterCodingException
                    ? DeclarativeException.unparsed("not UTF-8")
                    : failure;
        }
    }

    private static void json(Reader text, Members members) throws IOException {
        Size size = new Size(ENTRY_VALUES_MAX);
        try (JsonParser parser = JsonValues.FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw DeclarativeException.unparsed("expected an object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (parser.nextToken() != JsonToken.START_ARRAY) {
                    size.restart();
                    members.member(name, JsonValues.read(parser, size));
                    continue;
                }
                int number = 0;
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    size.restart();
                    members.entry(name, ++number, JsonValues.read(parser, size));
                }
                if (number == 0) {
                    members.member(name, List.of());
                }
            }
            if (parser.nextToken() != null) {
                throw DeclarativeException.unparsed("something follows the document");
            }
        } catch (JsonProcessingException malformed) {
            /* Where it is, but not what stands there, which may be a secret. */
            JsonLocation at = malformed.getLocation();
            throw DeclarativeException.unparsed(
                    at == null
                            ? "no JSON that can be read: a number or a name is too long"
                            : "no JSON (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")");
        }
    }

    /** Reads a text. */
    interface Parsing {
        void parse(Reader text) throws IOException;
    }
}
