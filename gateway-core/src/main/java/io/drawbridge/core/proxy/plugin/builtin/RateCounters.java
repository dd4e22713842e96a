package io.drawbridge.core.proxy.plugin.builtin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many requests of whom there were in each period. Bounded: of too many, those not asked for the longest are forgotten.
 * Thread-safe: what is taken at once from several threads is exact.
 */
final class RateCounters {
    /** Most of them: some 20 MB. */
    static final int KEYS_MAX = 100_000;

    private static final int SHARDS = 16;
    private static final int TEXT_MAX = 64;

    private final InstantSource clock;
    private final Shard[] shards = new Shard[SHARDS];

    /** @param keysMax most that are kept */
    RateCounters(InstantSource clock, int keysMax) {
        this.clock = clock;
        for (int i = 0; i < SHARDS; i++) {
            shards[i] = new Shard(Math.max(1, keysMax / SHARDS));
        }
    }

    /**
     * Whose requests. Immutable.
     *
     * @param scope of the plugin
     * @param identifier of the caller; long ones are kept as their hash
     */
    record Key(String scope, String identifier) {
        Key {
            identifier = identifier.length() > TEXT_MAX ? hash(identifier) : identifier;
        }
    }

    /**
     * What was counted before this request. Immutable.
     *
     * @param millis the moment, since 1970
     * @param left by period, what of the limit was left
     * @param exceeded the longest period of which nothing was; null if this request was counted
     */
    record Usage(long millis, long[] left, Period exceeded) {}

    /**
     * Counts a request in every period that has a limit, or in none if one of them is exceeded.
     *
     * @param limits by period; 0 for none
     */
    Usage take(Key key, long[] limits) {
        Shard shard = shards[Math.floorMod(key.hashCode(), SHARDS)];
        synchronized (shard) {
            /* Read within, so that no request of the last period comes after one of the next. */
            return shard.computeIfAbsent(key, added -> new Counts()).take(clock.millis(), limits);
        }
    }

    /** How many are kept. */
    int size() {
        int size = 0;
        for (Shard shard : shards) {
            synchronized (shard) {
                size += shard.size();
            }
        }
        return size;
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Confined to its lock. */
    private static final class Counts {
        private final long[] begun = new long[Period.ALL.size()];
        private final long[] counted = new long[Period.ALL.size()];

        Usage take(long millis, long[] limits) {
            long[] left = new long[limits.length];
            Period exceeded = null;
            for (Period period : Period.ALL) {
                int i = period.ordinal();
                if (limits[i] > 0) {
                    long begin = period.begin(millis);
                    if (begun[i] != begin) {
                        begun[i] = begin;
                        counted[i] = 0;
                    }
                    left[i] = limits[i] - counted[i];
                    exceeded = left[i] <= 0 ? period : exceeded;
                }
            }
            for (int i = 0; exceeded == null && i < limits.length; i++) {
                counted[i] += limits[i] > 0 ? 1 : 0;
            }
            return new Usage(millis, left, exceeded);
        }
    }

    private static final class Shard extends LinkedHashMap<Key, Counts> {
        private static final long serialVersionUID = 1;
        private final int sizeMax;

        Shard(int sizeMax) {
            super(16, 0.75f, true);
            this.sizeMax = sizeMax;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Counts> eldest) {
            return size() > sizeMax;
        }
    }
}
