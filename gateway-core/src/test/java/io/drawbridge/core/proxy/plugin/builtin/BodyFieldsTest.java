package io.drawbridge.core.proxy.plugin.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyFieldsTest {
    private static final String TYPE = "multipart/form-data; charset=utf-8; boundary=\"a b\"";
    private static final String PARTS = "preamble\r\n--a b\r\nContent-Type: text/plain\r\n"
            + "Content-Disposition: form-data; name=\"k\"\r\n\r\none\r\n"
            + "--a b\r\ncontent-disposition: form-data; name=f; filename=\"name=k\"\r\n\r\n\r\n\r\n\u00ff\r\n"
            + "--a b\r\nContent-Disposition: form-data; name=\"k\"\r\n\r\ntwo\r\n--a b--\r\n";

    @Test
    void multipart_valuesOfAName_areThoseOfAllItsParts() {
        BodyFields fields = BodyFields.of(TYPE, bytes(PARTS));
        assertThat(fields.values("k")).containsExactly("one", "two");
        assertThat(fields.values("f")).hasSize(1);
        assertThat(fields.values("x")).isEmpty();
    }

    @Test
    void multipart_without_leavesTheOtherPartsByteForByte() {
        assertThat(BodyFields.of(TYPE, bytes(PARTS)).without("k"))
                .isEqualTo(bytes("--a b\r\ncontent-disposition: form-data; name=f; filename=\"name=k\"\r\n\r\n"
                        + "\r\n\r\n\u00ff\r\n--a b--\r\n"));
    }

    @Test
    void multipart_malformed_isRefusedOrHasNoFields() {
        for (String body : List.of("", "no parts", "\r\n--other\r\n")) {
            assertThatThrownBy(() -> BodyFields.of(TYPE, bytes(body))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> BodyFields.of("multipart/form-data", bytes(PARTS)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(BodyFields.of(TYPE, bytes("--a b\r\nname=\"k\"\r\n--a b--")).values("k"))
                .isEmpty();
        String many = "--a b\r\n\r\n\r\nx\r\n".repeat(1002) + "--a b--";
        assertThatThrownBy(() -> BodyFields.of(TYPE, bytes(many))).hasMessage("more than 1000 parts");
    }

    @Test
    void form_without_leavesTheRestAsItIs() {
        BodyFields fields = BodyFields.of("application/x-www-form-urlencoded", bytes("a=%zz&k=1&b&k=2+3&c=%20"));
        assertThat(fields.values("k")).containsExactly("1", "2 3");
        assertThat(fields.values("a")).containsExactly("%zz");
        assertThat(fields.values("b")).isEmpty();
        assertThat(fields.without("k")).isEqualTo(bytes("a=%zz&b&c=%20"));
    }

    private static Buffer bytes(String latin) {
        return Buffer.buffer(latin.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }
}
