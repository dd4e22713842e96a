package io.drawbridge.core.proxy.plugin.builtin;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** What limits are for: a second, minute, ... of the calendar, in UTC. */
enum Period {
    SECOND("Second", 1),
    MINUTE("Minute", 60),
    HOUR("Hour", 3600),
    DAY("Day", 86_400),
    MONTH("Month", 2_592_000),
    YEAR("Year", 31_536_000);

    static final List<Period> ALL = List.of(values());

    final String limitHeader;
    final String remainingHeader;
    /** In seconds, as clients are told it: every month has 30 days, every year 365. */
    final long length;

    Period(String title, long length) {
        this.limitHeader = "X-RateLimit-Limit-" + title;
        this.remainingHeader = "X-RateLimit-Remaining-" + title;
        this.length = length;
    }

    /** As configuration calls it. */
    String field() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** When the one began that is at a moment, both in milliseconds since 1970. */
    long begin(long millis) {
        return switch (this) {
            case SECOND, MINUTE, HOUR, DAY -> millis - Math.floorMod(millis, length * 1000);
            case MONTH -> midnight(day(millis).withDayOfMonth(1));
            case YEAR -> midnight(day(millis).withDayOfYear(1));
        };
    }

    private static LocalDate day(long millis) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }

    private static long midnight(LocalDate day) {
        return day.toEpochDay() * 86_400_000;
    }
}
