package io.drawbridge.core.declarative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class YamlTest {
    @Test
    void parse_isYaml12() {
        Map<String, Object> read =
                Yaml.parse("a: no\nb: 0o17\nc: ~\nd: 1.5\ne: true\nf: 2020-01-01\n1: x\ng: 99999999999999999999\nh:\n");
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("a", "no");
        expected.put("b", 15L);
        expected.put("c", null);
        expected.put("d", 1.5);
        expected.put("e", true);
        expected.put("f", "2020-01-01");
        expected.put("1", "x");
        expected.put("g", 1e20);
        expected.put("h", null);
        assertThat(read).isEqualTo(expected);
    }

    @Test
    void parse_whatIsNone_isRefused() {
        refused("a: 1\na: 2\n", "found duplicate key a (line 2, column 1)");
        assertThatThrownBy(() -> Yaml.parse("key: sesame: open\n")).hasMessageNotContaining("sesame");
        refused("a: [", "failed parsing declarative configuration: ");
        refused("- a\n", "expected an object");
        refused("", "expected an object");
        refused("a: !!java.net.URL [x]\n", "failed parsing declarative configuration: ");
        refused("a: &a\n  b: *a\n", "found an alias of what is not there yet");
        refused("a: 1\n--- \nb: 2\n", "failed parsing declarative configuration: ");
    }

    @Test
    void parse_isBounded() {
        refused("a: " + "[".repeat(100_000), "failed parsing declarative configuration: ");
        refused("a: " + "[".repeat(500) + "]".repeat(500), "nested more than 100 deep");
        StringBuilder laughs = new StringBuilder("a0: &a0 [1, 1]\n");
        for (int i = 1; i < 40; i++) {
            laughs.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
        }
        refused(laughs.toString(), "aliases replaced");
    }

    /* YAML 1.1 is what decK and Kong read. */
    @Test
    void text_meansTheSameInYaml11() {
        List<String> other = List.of(
                "no",
                "Yes",
                "y",
                "N",
                "on",
                "OFF",
                "<<",
                "=",
                "0777",
                "1_000",
                "0b1",
                "0x1F",
                "0o7",
                "12:30",
                "1:02.5",
                "2020-01-01",
                "2020-1-1 10:00:00",
                "+.5",
                "1.",
                "1e3",
                "1E+3",
                ".inf",
                "-.INF",
                ".NaN",
                "Null");
        other.forEach(text -> assertThat(Yaml.text(Map.of("a", text)))
                .as(text)
                .matches("a: ['\"]" + java.util.regex.Pattern.quote(text) + "['\"]\n"));
        List.of("nobody", "a1", "10.0.0.0/8", "x: ", "2933fbcc-9d7c-54a7-a984-fe2bde836cea")
                .forEach(text ->
                        assertThat(Yaml.parse(Yaml.text(Map.of("a", text)))).isEqualTo(Map.of("a", text)));
        assertThat(Yaml.text(Map.of("id", "2933fbcc-9d7c-54a7-a984-fe2bde836cea")))
                .isEqualTo("id: 2933fbcc-9d7c-54a7-a984-fe2bde836cea\n");
        assertThat(Yaml.text(Map.of("a", 1_795_535_963.517))).isEqualTo("a: 1795535963.517\n");
        assertThat(Yaml.text(Map.of("a", 1e30))).isEqualTo("a: 1.0E+30\n");
        assertThat(Yaml.text(Map.of("a", 0.001))).isEqualTo("a: 0.001\n");
    }

    @Test
    void text_comesBack() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "a: b # c\n\n  'x' \"y\" ünï \u0001 \t");
        value.put("number", "12");
        value.put("truth", "true");
        value.put("tilde", "~");
        value.put("nothing", null);
        value.put("list", Arrays.asList("null", 1L, 2.5, false, Map.of(), List.of()));
        List<String> shared = new ArrayList<>(List.of("x"));
        value.put("one", shared);
        value.put("two", shared);
        value.put("long", "word ".repeat(100));
        value.put("pem", "-----BEGIN X-----\nabc\n-----END X-----\n");
        assertThat(Yaml.parse(Yaml.text(value))).isEqualTo(value);
        assertThat(Yaml.text(value)).doesNotContain("&").endsWith("\n");
    }

    private static void refused(String text, String why) {
        assertThatThrownBy(() -> Yaml.parse(text))
                .isInstanceOf(DeclarativeException.class)
                .hasMessageContaining(why);
    }
}
