package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class NodeFileIT {
    @TempDir
    private Path prefix;

    @Test
    @EnabledOnOs(OS.LINUX)
    void killed_andNobodyHasAskedHowItEnded_isNotRunning() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 30 & exec sleep 30").start();
        try {
            ProcessHandle child = parent.children().findFirst().orElse(null);
            for (int i = 0; i < 50 && child == null; i++) {
                Thread.sleep(10);
                child = parent.children().findFirst().orElse(null);
            }
            long started =
                    child.info().startInstant().map(Instant::getEpochSecond).orElseThrow();
            NodeFile left = new NodeFile("m", child.pid(), started, "2.5", "", true);
            assertThat(left.process()).isPresent();
            child.destroyForcibly();
            Drawbridges.eventually(() -> left.process().isEmpty());
            assertThat(ProcessHandle.of(child.pid())).as("still in the table").isPresent();
            NodeFile.claim(prefix, "other", "2.5", "");
            left.write(prefix);
            assertThat(NodeFile.claim(prefix, "m", "2.5", "").pid())
                    .isEqualTo(ProcessHandle.current().pid());
        } finally {
            parent.destroyForcibly();
        }
    }
}
