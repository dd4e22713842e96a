package io.drawbridge.app.cli;

import io.drawbridge.app.ExitCode;
import io.drawbridge.sync.HybridCertificate;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drawbridge hybrid}: what control planes and data planes need to meet. */
@Command(
        name = "hybrid",
        description = "Prepare control planes and data planes.",
        subcommands = {HybridCommand.GenerateCertificate.class})
final class HybridCommand {
    @Command(
            name = "gen_cert",
            description = "Make the certificate and key that all nodes of a cluster share; overwrites nothing.")
    static final class GenerateCertificate implements Callable<Integer> {
        @Parameters(index = "0", defaultValue = "cluster.crt", description = "The certificate; ${DEFAULT-VALUE}.")
        private Path certificate;

        @Parameters(index = "1", defaultValue = "cluster.key", description = "The key; ${DEFAULT-VALUE}.")
        private Path key;

        @Option(
                names = {"-d", "--days"},
                defaultValue = "" + HybridCertificate.DAYS,
                description = "For how many days; ${DEFAULT-VALUE}.")
        private int days;

        @Override
        public Integer call() throws IOException {
            try {
                HybridCertificate.make(certificate, key, days);
            } catch (FileAlreadyExistsException there) {
                throw new IllegalStateException(
                        there.getFile() + " is there already and was left as it is; name other files", there);
            } catch (IOException failure) {
                throw new IllegalStateException("cannot write: " + failure.getMessage(), failure);
            }
            System.out.println("Successfully generated certificate/key pairs, they have been written to: '"
                    + certificate + "' and '" + key + "'.");
            System.out.println("Give both to every control plane (cluster_cert, cluster_cert_key) and data plane.");
            return ExitCode.OK.number();
        }
    }
}
