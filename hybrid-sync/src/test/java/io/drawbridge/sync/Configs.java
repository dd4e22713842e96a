package io.drawbridge.sync;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.migration.Release;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Configurations of any size: services with a route each. */
final class Configs {
    static final Release RELEASE = Release.of(2, 5);
    static final EntityTypes TYPES = EntityTypes.at(RELEASE);

    private static final Validator VALIDATOR = new Validator(InstantSource.fixed(Instant.ofEpochSecond(1_600_000_000)));

    private Configs() {}

    static ConfigSnapshot of(int size) {
        return ConfigSnapshot.of(new Changes.Position("one", size), all(size));
    }

    static List<Entity> all(int size) {
        List<Entity> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            all.add(service(i, "example.com"));
            all.add(entity(
                    "routes",
                    Map.of(
                            "id",
                            new UUID(2, i).toString(),
                            "name",
                            "r" + i,
                            "paths",
                            List.of("/" + i),
                            "service",
                            Map.of("id", new UUID(1, i).toString()))));
        }
        return all;
    }

    static Entity service(int number, String host) {
        return entity(
                "services",
                Map.of(
                        "id",
                        new UUID(1, number).toString(),
                        "name",
                        "s" + number,
                        "protocol",
                        "http",
                        "host",
                        host,
                        "port",
                        80L,
                        "retries",
                        5L));
    }

    static Entity entity(String type, Map<String, Object> values) {
        Validator.Checked checked = VALIDATOR.create(TYPES.get(type), new HashMap<>(values));
        if (!checked.violations().isEmpty()) {
            throw new IllegalArgumentException(checked.violations().message());
        }
        return checked.entity();
    }

    /** The same with one service's host replaced, one revision later. */
    static ConfigSnapshot changed(ConfigSnapshot before, int number, String host) {
        return before.with(
                new Changes.Position("one", before.position().revision() + 1),
                new ConfigSnapshot.Delta(Map.of("services", List.of(service(number, host))), Map.of()));
    }
}
