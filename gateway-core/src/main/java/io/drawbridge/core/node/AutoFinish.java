package io.drawbridge.core.node;

import io.drawbridge.migration.ClusterState;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Member;
import io.drawbridge.migration.Membership;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Request;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for finish once every member has run this node's release for two looks in a row. The request is judged as an
 * operator's is; a refused one is repeated after a pause. Confined to the context of the watch.
 */
final class AutoFinish {
    private static final Logger LOG = LoggerFactory.getLogger(AutoFinish.class);
    private static final long PAUSE_NANOS = Duration.ofSeconds(30).toNanos();

    private final Membership membership;
    private final Migrator<?> migrator;
    private final NodeOptions options;
    private int uniformLooks;
    private boolean asking;
    private long notBeforeNanos = System.nanoTime();

    AutoFinish(Membership membership, Migrator<?> migrator, NodeOptions options) {
        this.membership = membership;
        this.migrator = migrator;
        this.options = options;
    }

    void look(ClusterState cluster) {
        Gate gate = cluster.gate();
        boolean waits = gate.state() == Gate.State.OPEN
                && options.release().equals(gate.target())
                && cluster.request().isEmpty();
        if (!waits) {
            uniformLooks = 0;
            return;
        }
        if (asking || System.nanoTime() - notBeforeNanos < 0) {
            return;
        }
        asking = true;
        membership.members().onComplete(answer -> {
            asking = false;
            uniformLooks = answer.succeeded() && uniform(answer.result()) ? uniformLooks + 1 : 0;
            if (uniformLooks >= 2) {
                ask();
            }
        });
    }

    private boolean uniform(List<Member> members) {
        return members.stream().allMatch(member -> member.release().equals(options.release()));
    }

    private void ask() {
        uniformLooks = 0;
        notBeforeNanos = System.nanoTime() + PAUSE_NANOS;
        migrator.ask(Request.Kind.FINISH, "", false, options.member(), "auto_finish=uniform")
                .onSuccess(request -> LOG.info("finish asked id={} reason=auto_finish", request.id()))
                .onFailure(failure -> LOG.warn("finish not asked reason={}", failure.getMessage()));
    }
}
