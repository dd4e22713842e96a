package io.drawbridge.app.cli;

import io.drawbridge.app.ExitCode;
import io.drawbridge.app.options.OptionsException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code drawbridge} and what all its commands have in common. */
@Command(
        name = "drawbridge",
        description = "A gateway control plane that migrates its own database.",
        footerHeading = "%nTry:%n",
        footer = {
            "  drawbridge start                 start a node; without a database it brings its own",
            "  drawbridge quickstart            walk through a whole upgrade under load, on this machine",
            "  drawbridge migrations status     what state the cluster is in",
            "  drawbridge COMMAND --help        more about one command"
        },
        subcommands = {
            StartCommand.class,
            StopCommand.class,
            StopCommand.QuitCommand.class,
            HealthCommand.class,
            MigrationsCommand.class,
            ConfigCommand.class,
            HybridCommand.class,
            QuickstartCommand.class,
            PostgresCommand.class,
            CheckCommand.class,
            VersionCommand.class,
            WarmUpCommand.class
        })
public final class Drawbridge {
    private Drawbridge() {}

    /** Runs one command; yields the exit code of the process. */
    public static int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Drawbridge());
        /* Kong's flags --v and --vv are no abbreviations of anything; do not let others be. */
        line.setAbbreviatedOptionsAllowed(false);
        addHelp(line);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            print(failure);
            return ExitCode.of(failure).number();
        });
        line.setParameterExceptionHandler((failure, args) -> {
            CommandLine command = failure.getCommandLine();
            command.getErr().println("Error: " + failure.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(failure, command.getErr());
            command.getErr()
                    .println("Run '" + command.getCommandSpec().qualifiedName() + " --help' for what can be given.");
            return ExitCode.ERROR.number();
        });
        line.setExecutionStrategy(parsed -> {
            CommandLine.ParseResult last = parsed;
            while (last.hasSubcommand()) {
                last = last.subcommand();
            }
            CommandLine command = last.commandSpec().commandLine();
            if (last.isUsageHelpRequested()) {
                command.usage(command.getOut());
                return ExitCode.OK.number();
            }
            if (!(command.getCommand() instanceof java.util.concurrent.Callable<?>)) {
                command.usage(command.getErr());
                return ExitCode.ERROR.number();
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        return line;
    }

    private static void addHelp(CommandLine line) {
        line.getCommandSpec()
                .addOption(CommandLine.Model.OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this and exit.")
                        .build());
        line.getSubcommands().values().forEach(Drawbridge::addHelp);
    }

    private static void print(Exception failure) {
        if (failure instanceof OptionsException bad) {
            List<String> problems = bad.problems();
            problems.forEach(problem -> System.err.println("Error: " + problem));
            return;
        }
        new Output(System.out, System.err, false, false).error(failure);
    }
}
