package io.drawbridge.core.declarative;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Records that are written one after the other and then read in that order, any number of times: the first in memory, more
 * in a file. One thread at a time.
 */
final class Spool implements AutoCloseable {
    static final int MEMORY_BYTES = 256 * 1024;

    /* Escaped so, every text comes back as it was, broken ones too. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .configure(JsonWriteFeature.ESCAPE_NON_ASCII, true)
            .build();

    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private TemporaryFile file;
    private JsonGenerator json;
    private int count;

    int count() {
        return count;
    }

    void add(List<?> recordValues) {
        try {
            if (json == null) {
                json = FACTORY.createGenerator(new OutputStreamWriter(memory, StandardCharsets.ISO_8859_1));
            }
            JsonValues.write(json, recordValues);
            count++;
            /* The generator's own buffer is small. */
            if (memory.size() > MEMORY_BYTES) {
                spill();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void spill() throws IOException {
        json.flush();
        if (file == null) {
            file = new TemporaryFile();
        }
        file.write(ByteBuffer.wrap(memory.toByteArray()));
        memory.reset();
    }

    /** The records from the first; nothing may be added any more. */
    Records records() {
        try {
            if (json != null) {
                json.flush();
            }
            InputStream rest = new ByteArrayInputStream(memory.toByteArray());
            return new Records(FACTORY.createParser(file == null ? rest : new SequenceInputStream(file.read(), rest)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A walk over the records. */
    static final class Records {
        private final JsonParser parser;

        private Records(JsonParser parser) {
            this.parser = parser;
        }

        /** The next record; null after the last. */
        List<?> next() {
            try {
                return parser.nextToken() == null
                        ? null
                        : (List<?>) JsonValues.read(parser, new Size(Integer.MAX_VALUE));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    @Override
    public void close() {
        memory.reset();
        if (file != null) {
            file.close();
        }
    }
}
