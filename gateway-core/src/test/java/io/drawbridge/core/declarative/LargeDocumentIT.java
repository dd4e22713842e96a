package io.drawbridge.core.declarative;

import static io.drawbridge.core.store.GatewayDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.GatewayDatabase;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** More entities in one document than would fit into the memory that it takes. */
final class LargeDocumentIT {
    private static final EntityTypes TYPES = EntityTypes.at(GatewayDatabase.NEWEST);
    /* Of each entity; all together some 60 MB as texts alone. */
    private static final String LONG = "x".repeat(2000);

    @Test
    void apply_memoryDoesNotGrowWithIt() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (GatewayDatabase database = GatewayDatabase.at(GatewayDatabase.NEWEST)) {
            EntityStore store = database.store(GatewayDatabase.NEWEST);
            DeclarativeStore documents =
                    new DeclarativeStore(vertx, TYPES, store, new Validator(InstantSource.system()));
            long few = most(() -> applied(documents, 2_000));
            long many = most(() -> applied(documents, 15_000));
            /* Ids and names: some hundred bytes each. The documents differ by 50 MB and more. */
            assertThat(many - few).isLessThan(20_000_000);
            await(store.close());
        }
        await(vertx.close());
    }

    private static void applied(DeclarativeStore documents, int services) {
        Document document = members -> {
            members.member("_format_version", "2.1");
            for (int i = 0; i < services; i++) {
                Map<String, Object> service = new LinkedHashMap<>();
                service.put("name", "s" + i);
                service.put("host", "example.com");
                service.put("path", "/" + i + LONG);
                service.put("routes", List.of(Map.of("name", "r" + i, "paths", List.of("/" + i))));
                members.entry("services", i + 1, service);
            }
        };
        Changes changes = await(documents.apply(document, List.of(), false));
        assertThat(changes.byType().get("routes").created().count()
                        + changes.byType().get("routes").unchanged().count())
                .isEqualTo(services);
        assertThat(changes.byType().get("services").unchanged().listed().size())
                .isLessThanOrEqualTo(Changes.LISTED_MAX);
    }

    /** Most bytes in use after a collection while the work is done. */
    private static long most(Runnable work) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong most = new AtomicLong();
        Thread watch = new Thread(() -> {
            while (!over.get()) {
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                most.accumulateAndGet(runtime.totalMemory() - runtime.freeMemory(), Math::max);
                java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
            }
        });
        watch.start();
        try {
            work.run();
        } finally {
            over.set(true);
            watch.join();
        }
        return most.get();
    }
}
