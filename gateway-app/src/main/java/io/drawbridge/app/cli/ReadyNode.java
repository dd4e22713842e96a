package io.drawbridge.app.cli;

import io.drawbridge.app.NodeFile;
import java.nio.file.Path;
import java.util.Optional;

/** Waits until a process that was started is a node that is ready. */
final class ReadyNode {
    private static final int POLL_MS = 50;

    private ReadyNode() {}

    /** Empty if the process has ended before. */
    static Optional<NodeFile> await(Process process, Path prefix) throws InterruptedException {
        while (true) {
            Optional<NodeFile> node = NodeFile.live(prefix).stream()
                    .filter(file -> file.pid() == process.pid() && file.ready())
                    .findFirst();
            if (node.isPresent() || !process.isAlive()) {
                return node;
            }
            Thread.sleep(POLL_MS);
        }
    }
}
