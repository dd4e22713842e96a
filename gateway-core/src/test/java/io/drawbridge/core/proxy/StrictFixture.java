package io.drawbridge.core.proxy;

import io.drawbridge.core.entity.Entity;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A proxy before a service that remembers every byte: what is below {@code /a} goes there. */
abstract class StrictFixture {
    static Gateway gateway;
    static StrictUpstream upstream;

    @BeforeAll
    static void start() {
        gateway = Gateway.start();
        upstream = new StrictUpstream();
        Entity service = Gateway.service(upstream.port(), Map.of());
        gateway.configure(service, Gateway.route(service, Map.of("paths", List.of("/a"), "strip_path", false)));
    }

    @AfterAll
    static void stop() throws IOException {
        upstream.close();
        gateway.close();
    }

    @BeforeEach
    void forget() {
        upstream.forget();
    }
}
