package io.drawbridge.app.cli;

import io.drawbridge.app.Cluster;
import io.drawbridge.app.ConfigFile;
import io.drawbridge.app.ExitCode;
import io.drawbridge.app.Wiring;
import io.drawbridge.app.options.GatewayOptions;
import io.drawbridge.core.declarative.DeckText;
import io.drawbridge.core.declarative.Declaration;
import io.drawbridge.core.declarative.DeclarativeException;
import io.drawbridge.core.declarative.DeclarativeFile;
import io.drawbridge.core.declarative.DeclarativeStore;
import io.drawbridge.core.declarative.DeclarativeText;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.MigrationStatus;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drawbridge config}: the whole configuration as a file. */
@Command(
        name = "config",
        description = "Use declarative configuration files.",
        subcommands = {
            ConfigCommand.InitCommand.class,
            ConfigImport.class,
            ConfigCommand.ExportCommand.class,
            ConfigCommand.ParseCommand.class
        })
final class ConfigCommand {
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(60);

    @Command(name = "init", description = "Write an example of a declarative file.")
    static final class InitCommand extends Action {
        @Parameters(arity = "0..1", paramLabel = "FILE", defaultValue = "kong.yml", description = "Default: kong.yml")
        private Path file;

        @Override
        ExitCode run(Output output) {
            try (NewFile made = new NewFile(file)) {
                made.write(ConfigExample.TEXT);
                made.publish();
            } catch (IllegalStateException taken) {
                /* Kong's two lines. */
                throw new IllegalStateException(taken.getMessage().replace(". Will", ".\nWill"), taken);
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "parse", description = "Check a declarative file; needs no database.")
    static final class ParseCommand extends Action {
        @Parameters(arity = "0..1", paramLabel = "FILE", description = "A .json, .yml or .yaml file.")
        private Path file;

        @Override
        ExitCode run(Output output) {
            declaration(file, common.options()).close();
            output.line("parse successful");
            return ExitCode.OK;
        }
    }

    @Command(
            name = "db_export",
            description = "Write everything in the database, all workspaces, as of one moment, to a declarative file,"
                    + " secrets included; as JSON if its name ends in .json.")
    static final class ExportCommand extends Action {
        @Parameters(arity = "0..1", paramLabel = "FILE", defaultValue = "kong.yml", description = "Default: kong.yml")
        private Path file;

        @Option(
                names = "--deck",
                description =
                        "In the form of decK's files: children within their parents, nothing that is null; only the"
                                + " default workspace, without tokens.")
        private boolean deck;

        @Override
        ExitCode run(Output output) {
            GatewayOptions options = withDatabase("db_export");
            AtomicLong count = new AtomicLong();
            DeclarativeText text = new DeclarativeText(ConfigFile.isJson(file));
            try (NewFile made = new NewFile(file)) {
                if (deck) {
                    return deck(made, output);
                }
                made.write(text.begin());
                with(
                        options,
                        (cluster, documents) -> Cluster.await(documents.export((workspace, entities) -> {
                            count.addAndGet(entities.size());
                            return cluster.vertx().executeBlocking(() -> {
                                made.write(text.next(workspace, entities));
                                return null;
                            });
                        })));
                made.write(text.end());
                made.publish();
                output.line("exported " + count + " entities to " + made.path());
            }
            return ExitCode.OK;
        }

        private ExitCode deck(NewFile made, Output output) {
            DeckText text = new DeckText();
            with(
                    common.options(),
                    (cluster, documents) -> Cluster.await(documents.export((workspace, entities) -> {
                        text.add(workspace, entities);
                        return Future.succeededFuture();
                    })));
            made.write(text.text());
            made.publish();
            output.line("exported to " + made.path());
            text.leftOut().forEach((type, count) -> output.line("  left out: " + count + " " + type));
            return ExitCode.OK;
        }
    }

    /** What they share: Kong's flags, the file, the database, an exit code. */
    abstract static class Action implements Callable<Integer> {
        @Mixin
        Common common;

        @Override
        public final Integer call() {
            Output output = common.output(false);
            try {
                return run(output).number();
            } catch (RuntimeException failure) {
                output.error(failure);
                return ExitCode.of(failure).number();
            }
        }

        abstract ExitCode run(Output output);

        GatewayOptions withDatabase(String command) {
            GatewayOptions options = common.options();
            if (options.database().off()) {
                throw new IllegalStateException(Words.needsDatabase(command));
            }
            return options;
        }

        static EntityTypes types(GatewayOptions options) {
            return EntityTypes.at(options.release());
        }

        static Validator validator() {
            return new Validator(InstantSource.system());
        }

        /** What the file says, valid; to be closed. */
        static Declaration declaration(Path file, GatewayOptions options) {
            if (file == null) {
                throw new IllegalArgumentException(
                        "expected a declarative configuration file; see `drawbridge config --help`");
            }
            try {
                return new DeclarativeFile(types(options), validator()).read(ConfigFile.document(file));
            } catch (DeclarativeException | IllegalArgumentException wrong) {
                throw new IllegalArgumentException("Failed parsing:\n" + wrong.getMessage(), wrong);
            }
        }

        /** Does something with the database's configuration, if this release can read it. */
        static <T> T with(GatewayOptions options, Work<T> work) {
            try (Cluster cluster = Wiring.command(options, LOCK_PATIENCE, Optional.empty())) {
                readable(Cluster.await(cluster.migrator(MigrationListener.NONE).status()), options);
                EntityStore store = Wiring.store(cluster);
                try {
                    return work.run(cluster, new DeclarativeStore(cluster.vertx(), types(options), store, validator()));
                } finally {
                    Cluster.await(store.close());
                }
            }
        }

        private static void readable(MigrationStatus status, GatewayOptions options) {
            if (!status.bootstrapped()) {
                throw new MigrationException(MigrationError.NOT_BOOTSTRAPPED, Words.NEEDS_BOOTSTRAP);
            }
            Gate gate = status.gate();
            boolean elsewhere = gate.state() == Gate.State.STEADY || !gate.admits(options.release());
            gate.refusal(options.release()).filter(reason -> elsewhere).ifPresent(reason -> {
                throw StoreException.pending(gate, options.release(), reason);
            });
        }
    }

    /** What is done with the configuration. */
    interface Work<T> {
        T run(Cluster cluster, DeclarativeStore documents);
    }
}
