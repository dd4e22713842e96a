package io.drawbridge.migration;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What the engine's tests need of an implementation: a fresh database, connections to it, and steps with visible effects.
 * Each implementation runs the same tests.
 */
interface World<S extends Step> {
    Release V1 = Release.of(1, 0);
    Release V2 = Release.of(2, 0);
    Release V3 = Release.of(3, 0);

    Vertx vertx();

    /** A new database with nothing in it. */
    void fresh();

    /** Closes every connection. */
    void close();

    /** A connection of another node to the same database. */
    MigrationBackend<S> connect();

    /** Sets {@code key} to {@code value}, or removes it if {@code value} is null; may be run twice. */
    S put(String name, String key, String value);

    /** As {@link #put}, but in several batches, and old nodes may be running. */
    S backfill(String name, String key, String value);

    /** A step that fails. */
    S failing(String name);

    /** A check that finds every key beginning with its prefix. */
    S keysBeginning(String prefix);

    /** Changes the data as somebody outside would; null removes. */
    void plant(String key, String value);

    /** The entries that steps made. */
    Future<Map<String, String>> data();

    /** Three releases: 1.0 has one unit; 2.0 brings a two-phase unit, a one-phase unit; 3.0 a two-phase unit. */
    default Catalog<S> catalog() {
        return new Catalog<>(
                List.of(V1, V2, V3),
                List.of(
                        Migration.expandOnly("core", "000_base", V1, List.of(put("base", "base", "1")), List.of()),
                        new Migration<>(
                                "core",
                                "001_two_phase",
                                V2,
                                List.of(put("add", "column", "added"), put("index", "index", "built")),
                                List.of(backfill("fill", "filled", "yes"), put("convert", "form", "new")),
                                List.of(put("drop", "base", "2"), put("drop index", "old", null)),
                                List.of(put("undo index", "index", null), put("undo add", "column", null))),
                        Migration.expandOnly(
                                "plugin",
                                "000_table",
                                V2,
                                List.of(put("table", "table", "made")),
                                List.of(put("undo table", "table", null))),
                        new Migration<>(
                                "core",
                                "002_more",
                                V3,
                                List.of(put("more", "more", "1")),
                                List.of(),
                                List.of(put("less", "more", "2")),
                                List.of(put("undo more", "more", null)))),
                List.of(new Check<>(
                        "trouble",
                        V2,
                        Check.Moment.BEFORE_UP,
                        Check.Severity.BLOCK,
                        "there is trouble",
                        "remove it",
                        keysBeginning("trouble"))));
    }

    /** How long a lease lives here: short, so that takeovers are quick. */
    Duration ttl();

    default MigrationOptions options(String member, Release release) {
        return MigrationOptions.defaults(member, UUID.randomUUID().toString(), release)
                .timing(ttl(), ttl().dividedBy(8), Duration.ofSeconds(30));
    }

    default Migrator<S> node(String member, Release release) {
        return node(member, release, connect());
    }

    default Migrator<S> node(String member, Release release, MigrationBackend<S> backend) {
        return new Migrator<>(vertx(), backend, catalog(), options(member, release), MigrationListener.NONE);
    }
}
