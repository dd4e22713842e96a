package io.drawbridge.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.drawbridge.core.declarative.JsonValues;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The file has names that real data planes gave: 2.5.0 to 2.7.2, one algorithm. */
class KongHashTest {
    @Test
    void namesAreThoseThatKongGives() throws IOException {
        List<?> vectors;
        try (InputStream file = KongHashTest.class.getResourceAsStream("kong-hashes.json");
                JsonParser json = new JsonFactory().createParser(file)) {
            json.nextToken();
            vectors = (List<?>) JsonValues.read(json, 100_000);
        }
        assertThat(vectors).hasSizeGreaterThan(12);
        for (Object each : vectors) {
            Map<?, ?> vector = (Map<?, ?>) each;
            assertThat(KongHash.of(vector.get("value")))
                    .as(String.valueOf(vector.get("name")))
                    .isEqualTo(vector.get("hash"));
        }
    }
}
