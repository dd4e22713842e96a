package io.drawbridge.app.cli;

import io.drawbridge.app.Cluster;
import io.drawbridge.app.ExitCode;
import io.drawbridge.app.options.GatewayOptions;
import io.drawbridge.core.declarative.Changes;
import io.drawbridge.core.declarative.Declaration;
import io.drawbridge.core.declarative.DeclarativeException;
import io.drawbridge.core.store.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drawbridge config db_import}: a file into the database. */
@Command(
        name = "db_import",
        description = "Write all entities of a declarative file to the database, in one transaction; what is there"
                + " besides stays.")
final class ConfigImport extends ConfigCommand.Action {
    /* Entities; fewer are in before anybody looks. */
    private static final int WORTH_WATCHING = 2000;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "A .json, .yml or .yaml file.")
    private Path file;

    @Option(names = "--dry-run", description = "Only say what would be created and updated.")
    private boolean dryRun;

    @Override
    ExitCode run(Output output) {
        GatewayOptions options = withDatabase("db_import");
        try (Declaration wanted = declaration(file, options)) {
            output.line(dryRun ? "parse successful, nothing will be changed" : "parse successful, beginning import");
            Changes changes = imported(options, wanted, output);
            output.line(dryRun ? "import would do this" : "import successful");
            output.lines(said(changes));
            return ExitCode.OK;
        } catch (StoreException | DeclarativeException failure) {
            output.error(new IllegalStateException("Failed importing:\n" + failure.getMessage(), failure));
            return ExitCode.of(failure);
        }
    }

    /** On a terminal, a long one says how far it is. */
    private Changes imported(GatewayOptions options, Declaration wanted, Output output) {
        int total = wanted.count();
        ProgressLine line =
                System.console() == null || total < WORTH_WATCHING ? null : new ProgressLine(output, "import");
        try {
            return with(
                    options,
                    (cluster, documents) -> Cluster.await(documents.load(wanted, dryRun, done -> {
                        if (line != null) {
                            line.show(done, total);
                        }
                    })));
        } finally {
            if (line != null) {
                line.close();
            }
        }
    }

    private static List<String> said(Changes changes) {
        Stream<String> types = changes.byType().entrySet().stream()
                .map(type -> "  " + type.getKey() + ": "
                        + Stream.of(
                                        count(type.getValue().created(), "created"),
                                        count(type.getValue().updated(), "updated"),
                                        count(type.getValue().unchanged(), "unchanged"))
                                .filter(text -> !text.isEmpty())
                                .collect(Collectors.joining(", ")));
        Stream<String> skipped = changes.skipped().entrySet().stream()
                .filter(type -> type.getValue() > 0)
                .map(type -> "  " + type.getKey() + ": " + type.getValue() + " left out, nodes keep them themselves");
        return Stream.concat(types, skipped).toList();
    }

    private static String count(Changes.Ids ids, String what) {
        return ids.count() == 0 ? "" : ids.count() + " " + what;
    }
}
