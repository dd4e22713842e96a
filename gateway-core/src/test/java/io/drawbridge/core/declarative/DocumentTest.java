package io.drawbridge.core.declarative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DocumentTest {
    private static final List<String> EXPECTED =
            List.of("a=1", "l[1]={k=[1, 2.5, true, null]}", "l[2]=x", "none=[]", "late={b=text}");

    @Test
    void json_entryByEntry() {
        assertThat(told(json(
                        "{\"a\":1,\"l\":[{\"k\":[1,2.5,true,null]},\"x\"],\"none\":[],\"late\":{\"b\":\"text\"}}")))
                .isEqualTo(EXPECTED);
    }

    @Test
    void yaml_entryByEntry_aliasesReachBack() {
        assertThat(told(yaml("a: 1\nl:\n- &x {k: [1, 2.5, true, null]}\n- x\nnone: []\nlate: {b: text}\n")))
                .isEqualTo(EXPECTED);
        assertThat(told(yaml("l:\n- &x {k: 1}\n- *x\n- {<<: *x, m: 2}\nm: [{<<: {k: 2}, k: 3}]\n")))
                .containsExactly("l[1]={k=1}", "l[2]={k=1}", "l[3]={m=2, k=1}", "m[1]={k=3}");
    }

    @Test
    void parsed_isTheSame() {
        assertThat(told(Document.of(Map.of("l", Arrays.asList("x", null))))).containsExactly("l[1]=x", "l[2]=null");
    }

    @Test
    void whatIsNone_isRefused_withoutSayingWhatStandsThere() {
        for (String wrong : List.of(
                "",
                "[]",
                "{",
                "{\"a\":1}x",
                "{\"a\":sesame}",
                "{\"a\":1,\"a\":2}",
                "{\"l\":[{\"a\":1,\"a\":2}]}",
                "{\"l\":[" + "[".repeat(100_000))) {
            assertThatThrownBy(() -> told(json(wrong)))
                    .isInstanceOf(DeclarativeException.class)
                    .hasMessageStartingWith("failed parsing declarative configuration: ")
                    .hasMessageNotContaining("sesame");
        }
        byte[] latin = "{\"a\":\"\u00fc\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> told(Document.json(new ByteArrayInputStream(latin))))
                .hasMessage("failed parsing declarative configuration: not UTF-8");
        assertThatThrownBy(() -> told(Document.yaml(new ByteArrayInputStream(latin))))
                .hasMessage("failed parsing declarative configuration: not UTF-8");
    }

    @Test
    void oneEntry_isBounded_allTogetherAreNot() {
        String half = "[" + "1,".repeat(Document.ENTRY_VALUES_MAX / 2) + "1]";
        assertThat(told(json("{\"l\":[" + half + "," + half + "," + half + "]}")))
                .hasSize(3);
        assertThatThrownBy(() -> told(json("{\"l\":[[" + half + "," + half + "]]}")))
                .hasMessageContaining("more than " + Document.ENTRY_VALUES_MAX + " values in one entry");
    }

    @Test
    void spooled_comesBack_alsoFromAFile() {
        List<List<?>> all = new ArrayList<>();
        try (Spool spool = new Spool()) {
            for (int i = 0; i < 2000; i++) {
                List<?> one = Arrays.asList(
                        (long) i,
                        Long.MAX_VALUE,
                        0.1,
                        1e300,
                        null,
                        true,
                        Map.of("k", List.of()),
                        "x".repeat(i % 700),
                        "\ud800\u0000\n\u00fc");
                all.add(one);
                spool.add(one);
            }
            for (int walk = 0; walk < 2; walk++) {
                Spool.Records records = spool.records();
                for (List<?> each : all) {
                    assertThat(records.next()).isEqualTo(each);
                }
                assertThat(records.next()).isNull();
            }
        }
    }

    private static Document json(String text) {
        return Document.json(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Document yaml(String text) {
        return Document.yaml(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> told(Document document) {
        List<String> told = new ArrayList<>();
        document.read(new Document.Members() {
            @Override
            public void member(String name, Object value) {
                told.add(name + "=" + value);
            }

            @Override
            public void entry(String name, int number, Object value) {
                told.add(name + "[" + number + "]=" + value);
            }
        });
        return told;
    }
}
