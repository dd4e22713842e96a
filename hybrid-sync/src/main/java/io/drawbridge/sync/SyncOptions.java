package io.drawbridge.sync;

import io.drawbridge.migration.Release;
import java.time.Duration;

/**
 * How a control plane serves data planes. Immutable.
 *
 * @param host where it listens
 * @param port where it listens; 0: any free one
 * @param tls whom it believes
 * @param release its own; data planes of the same major and at most this minor are served
 * @param timing when it pushes, and what it waits for
 * @param purgeAfter how long a data plane is remembered after it was last seen. Default 14 days, at least 60 s
 * @param unfit what becomes of configuration that a data plane cannot use. Default {@link Unfit#WITHHOLD}
 * @param revocation whether certificates may have been taken back; only with a certificate authority. Default {@link Revocation#OFF}
 * @param atOnce most whole configurations on their way at the same time, so that a restart makes no storm. Default 64
 * @param linksMax most data planes at once; more are refused. Default 10 000
 */
public record SyncOptions(
        String host,
        int port,
        ClusterTls tls,
        Release release,
        Timing timing,
        Duration purgeAfter,
        Unfit unfit,
        Revocation revocation,
        int atOnce,
        int linksMax) {
    /** What data planes before 2.8 can take as one frame, in bytes. */
    public static final int PAYLOAD_MAX = 4 * 1024 * 1024;

    public SyncOptions {
        if (purgeAfter.toSeconds() < 60) {
            throw new IllegalArgumentException("cluster_data_plane_purge_delay must be 60 or greater");
        }
        if (atOnce < 1 || linksMax < 1) {
            throw new IllegalArgumentException("atOnce and linksMax must be at least 1");
        }
    }

    /**
     * When a control plane pushes, and what it waits for. Immutable.
     *
     * @param quiet a change is pushed when nothing else changed for this long. Default 100 ms: longer than it takes to look at the database
     * @param gap and not sooner than this after the push before, so that many changes in a row are few pushes. Default 500 ms
     * @param patience but at the latest after this. Default 1 s
     * @param greeting how long it waits for a data plane to say what it has before it sends. Default 200 ms
     * @param silentAfter without an acknowledgement for this long a data plane counts as silent. Default 15 s
     * @param retryMax longest wait before a silent data plane is offered the same again. Default 5 min
     * @param idle a connection on which nothing came for this long is dropped. Default 45 s
     */
    public record Timing(
            Duration quiet,
            Duration gap,
            Duration patience,
            Duration greeting,
            Duration silentAfter,
            Duration retryMax,
            Duration idle) {
        public Timing {
            if (quiet.compareTo(patience) > 0 || gap.compareTo(patience) > 0 || quiet.toMillis() < 1) {
                throw new IllegalArgumentException("quiet must be at least 1 ms, quiet and gap at most patience");
            }
        }
    }

    public static SyncOptions defaults(String host, int port, ClusterTls tls, Release release) {
        Timing timing = new Timing(
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofMillis(200),
                Duration.ofSeconds(15),
                Duration.ofMinutes(5),
                Duration.ofSeconds(45));
        return new SyncOptions(
                host, port, tls, release, timing, Duration.ofDays(14), Unfit.WITHHOLD, Revocation.OFF, 64, 10_000);
    }

    /** With another patience for those who do not answer. */
    public SyncOptions timing(Duration silence, Duration retry, Duration drop) {
        return with(
                new Timing(timing.quiet, timing.gap, timing.patience, timing.greeting, silence, retry, drop),
                purgeAfter,
                unfit,
                revocation);
    }

    public SyncOptions purging(Duration after) {
        return with(timing, after, unfit, revocation);
    }

    public SyncOptions unfit(Unfit what) {
        return with(timing, purgeAfter, what, revocation);
    }

    public SyncOptions revocation(Revocation what) {
        return with(timing, purgeAfter, unfit, what);
    }

    private SyncOptions with(Timing when, Duration purge, Unfit rows, Revocation certificates) {
        return new SyncOptions(host, port, tls, release, when, purge, rows, certificates, atOnce, linksMax);
    }
}
