package io.drawbridge.core.entity;

import io.drawbridge.core.entity.Field.Builder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Fields that the configurations of several plugins have. */
final class PluginFields {
    private static final List<String> PERIODS = List.of("second", "minute", "hour", "day", "month", "year");
    private static final Object[] LOG_LEVELS = {"debug", "info", "notice", "warning", "err", "crit", "alert", "emerg"};

    private PluginFields() {}

    static String given(Object value) {
        return value == null ? "required field missing" : null;
    }

    static Builder flag(String name, boolean standard) {
        return Field.bool(name).standard(standard).required();
    }

    /** A list of texts of any kind. */
    static Builder texts(String name) {
        return Field.array(name, Field.string("value"));
    }

    static Builder choice(String name, Object... values) {
        return Field.string(name).rule(Rule.oneOf(values));
    }

    /** A list of values out of a few. */
    static Builder choices(String name, Object... values) {
        return Field.array(name, choice("value", values));
    }

    static Builder host(String name) {
        return Field.string(name).rule(Rule.text(Formats::host));
    }

    static Builder url(String name) {
        return Field.string(name).rule(Rule.text(Formats::url));
    }

    static Builder header(String name) {
        return Field.string(name).rule(Rule.text(Formats::header));
    }

    /** A record that is filled in when it is not given. */
    static Builder record(String name, Builder... fields) {
        return Field.record(name, List.of(fields)).standard(Map.of()).required();
    }

    /** Who is taken for the caller when nobody could be identified: a consumer. */
    static Builder anonymous() {
        return Field.string("anonymous");
    }

    static Builder logLevel(String name) {
        return choice(name, LOG_LEVELS).standard("info");
    }

    /** What is added to log entries: programs by the name of what they yield. */
    static Builder customFields() {
        return Field.map("custom_fields_by_lua", Field.string("name"), Field.string("program"))
                .since(2, 4);
    }

    /** How many requests are allowed, per period. */
    static Stream<Builder> periods() {
        return PERIODS.stream().map(period -> Field.number(period).rule(Rule.moreThan(0)));
    }

    static String[] periodNames() {
        return PERIODS.toArray(String[]::new);
    }

    /** A longer period may not allow less than a shorter one. */
    static String periodOrder(Map<?, ?> limits) {
        for (int shorter = 0; shorter < PERIODS.size(); shorter++) {
            for (int longer = shorter + 1; longer < PERIODS.size(); longer++) {
                if (limits.get(PERIODS.get(shorter)) instanceof Number few
                        && limits.get(PERIODS.get(longer)) instanceof Number many
                        && many.doubleValue() < few.doubleValue()) {
                    return "The limit for %s(%s) cannot be lower than the limit for %s(%s)"
                            .formatted(PERIODS.get(longer), tenths(many), PERIODS.get(shorter), tenths(few));
                }
            }
        }
        return null;
    }

    private static String tenths(Number number) {
        return String.format(java.util.Locale.ROOT, "%.1f", number.doubleValue());
    }

    /** Where counters are kept when not on the node itself. */
    static Stream<Builder> redis() {
        return Stream.of(
                host("redis_host"),
                CommonFields.port("redis_port").standard(6379L),
                Field.string("redis_password").rule(Rule.mayBeEmpty()),
                Field.number("redis_timeout").standard(2000L));
    }
}
