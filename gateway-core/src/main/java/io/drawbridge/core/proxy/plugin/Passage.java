package io.drawbridge.core.proxy.plugin;

import io.drawbridge.core.entity.Entity;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request's way through the plugins. Confined to the event loop of the request. */
final class Passage {
    private static final Logger LOG = LoggerFactory.getLogger(Passage.class);
    private static final String UNEXPECTED = "An unexpected error occurred";

    private final Plan plan;
    private final Exchange exchange;
    private final List<Configured> applied;
    private int reached;
    private Entity consumer;
    private Promise<Verdict> outcome;

    Passage(Plan plan, Exchange exchange) {
        this.plan = plan;
        this.exchange = exchange;
        this.applied = new ArrayList<>(plan.slots().size());
    }

    /* A loop, left only while a plugin is not done: a chain of futures would take as much stack as it is long. */
    Future<Verdict> access() {
        while (reached < plan.slots().size()) {
            Configured one = next();
            if (one == null) {
                continue;
            }
            Future<Verdict> verdict = one.plugin() == null ? unusable(one) : ask(one);
            if (!verdict.isComplete()) {
                return await(one, verdict);
            }
            Future<Verdict> refusal = refusal(one, verdict);
            if (refusal != null) {
                return end(refusal);
            }
        }
        return end(Verdict.PASS);
    }

    void response() {
        for (Configured one : applied) {
            try {
                one.plugin().response(exchange);
            } catch (RuntimeException failed) {
                failed(one, failed);
            }
        }
    }

    void log() {
        for (Configured one : applied) {
            try {
                one.plugin().log(exchange);
            } catch (RuntimeException failed) {
                failed(one, failed);
            }
        }
    }

    /** The one of the next name that applies, noted if it runs; null if none does. */
    private Configured next() {
        Configured one =
                plan.slots().get(reached++).resolve(id(exchange.consumer().orElse(null)));
        if (one != null && one.plugin() != null) {
            applied.add(one);
        }
        return one;
    }

    private Future<Verdict> ask(Configured one) {
        try {
            return Objects.requireNonNull(one.plugin().access(exchange));
        } catch (RuntimeException failed) {
            return Future.failedFuture(failed);
        }
    }

    private Future<Verdict> await(Configured one, Future<Verdict> verdict) {
        if (outcome == null) {
            outcome = Promise.promise();
        }
        Promise<Verdict> last = outcome;
        verdict.onComplete(done -> {
            Future<Verdict> refusal = refusal(one, done);
            if (refusal != null) {
                end(refusal);
            } else {
                access();
            }
        });
        return last.future();
    }

    /** What to answer now; null if the request may go on. */
    private Future<Verdict> refusal(Configured one, AsyncResult<Verdict> verdict) {
        if (verdict.failed()) {
            failed(one, verdict.cause());
            return Verdict.refuse(500, UNEXPECTED, Map.of());
        }
        if (verdict.result() instanceof Verdict.Answer answer) {
            return Future.succeededFuture(answer);
        }
        return plan.unknown() > 0 ? unknownOfConsumer() : null;
    }

    /* Plugins that this node does not know were looked at before anybody knew the consumer. */
    private Future<Verdict> unknownOfConsumer() {
        Entity now = exchange.consumer().orElse(null);
        if (now != consumer) {
            consumer = now;
            for (int i = 0; i < plan.unknown(); i++) {
                Configured one = plan.slots().get(i).resolve(id(now));
                if (one != null) {
                    return unusable(one);
                }
            }
        }
        return null;
    }

    /** Those that are not reached any more see the answer all the same. */
    private Future<Verdict> end(Future<Verdict> verdict) {
        while (reached < plan.slots().size()) {
            next();
        }
        if (outcome == null) {
            return verdict;
        }
        verdict.onComplete(outcome);
        return outcome.future();
    }

    private static Future<Verdict> unusable(Configured one) {
        return Verdict.refuse(503, "plugin " + one.name() + " is not available on this node", Map.of());
    }

    private static String id(Entity entity) {
        return entity == null ? null : (String) entity.get("id");
    }

    private static void failed(Configured one, Throwable why) {
        LOG.error("plugin failed name={} id={}", one.name(), one.entity().get("id"), why);
    }
}
