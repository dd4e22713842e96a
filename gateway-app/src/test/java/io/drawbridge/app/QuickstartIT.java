package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tour, which is a full upgrade of a hybrid cluster under load. */
class QuickstartIT {
    @TempDir
    private Path folder;

    @Test
    void quickstart_carriesAClusterToTheNextRelease_noRequestFails() throws Exception {
        try (Drawbridges drawbridge = new Drawbridges(folder)) {
            Path data = folder.resolve("tour");
            Drawbridges.Result tour = drawbridge.run("quickstart", "--pause", "0", "-p", data.toString());

            assertThat(tour.exit()).as(tour.out() + tour.err()).isZero();
            assertThat(tour.out())
                    .contains("a write to 2.5 is refused: 409")
                    .contains("a write to 2.4 is taken")
                    .contains("finish is blocked")
                    .contains("both data planes have moved")
                    .contains("finish is done")
                    .contains("a write to 2.5 is taken");
            Matcher result = Pattern.compile("(\\d+) requests: (\\d+) failed, (\\d+) without a key")
                    .matcher(tour.out());
            assertThat(result.find()).isTrue();
            assertThat(Integer.parseInt(result.group(1))).isGreaterThan(500);
            assertThat(result.group(2)).isEqualTo("0");
            assertThat(Integer.parseInt(result.group(3))).isPositive();
            assertThat(ProcessHandle.allProcesses()
                            .filter(each -> each.info().commandLine().orElse("").contains(data.toString())))
                    .isEmpty();
            assertThat(Files.list(data).filter(each -> each.toString().endsWith(".log")))
                    .hasSizeGreaterThan(3);
        }
    }
}
