package io.drawbridge.core.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What PCRE writes otherwise than Java, and what both must be kept from doing. */
class PcreRegexTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '"',
            value = {
                "/(?<user_id>\\d+)/(?P<user>\\w+)/(?P=user)/\\k<user_id> /12/ann/ann/12",
                "/(?'a'x)\\k{a}\\g{1}\\g1 /xxxx",
                "/[[:alpha:]]+[[:^digit:][:space:]x] /abcx",
                "/[a[&&b]+ /[&b",
                "/[]a]+ /]a]",
                "/[^]a]+ /bcd",
                "/users/{id}/x{2} /users/{id}/xx",
                "/\\Qa.b\\E. /a.bc",
                "/a\\N\\h?b /a-b",
                "/(?i)abc /ABC",
                "/a++(?>b|bc)c /aabc",
            })
    void compile_writtenForPcre_matchesWhatPcreMatches(String regex, String path) {
        assertThat(PcreRegex.compile(regex).matcher(path).matches()).isTrue();
        assertThat(path).startsWith(PcreRegex.literal(regex));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/(a(?R)?b)",
                "/(?(1)a|b)",
                "/(*COMMIT)a",
                "/a\\Kb",
                "/(?1)",
                "/(?P>n)",
                "/[[:strange:]]",
                "/(",
                "/\\k<none>"
            })
    void compile_whatJavaCannotRun_isRefusedWithTheReason(String regex) {
        assertThatThrownBy(() -> PcreRegex.compile(regex))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isNotBlank();
    }

    @Test
    void compile_tooLongOrTooDeep_isRefused() {
        assertThatThrownBy(() -> PcreRegex.compile("/" + "a".repeat(5_000)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PcreRegex.compile("/" + "(".repeat(1_999) + ")".repeat(1_999) + "("))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '"',
            value = {
                "/users/\\d+ /users/",
                "/users?/x /user",
                "/users*/x /user",
                "/a{0,1}b /",
                "/ab+c /ab",
                "/v1.2(x) /v1",
                "/a(b|c)[|] /a",
                "/a[(]|/b \"\"",
                "/a[[:alpha:](]|/b \"\"",
                "/a\\(|/b \"\"",
                "/a\\Q(\\E|/b \"\"",
                "/a(?#()|/b \"\"",
                "/a|/b \"\"",
            })
    void literal_anyExpression_isWhatAllThatMatchesStartsWith(String regex, String literal) {
        assertThat(PcreRegex.literal(regex)).isEqualTo(literal);
    }
}
