package io.drawbridge.admin;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.Objects;

/**
 * How a listener speaks TLS. Immutable.
 *
 * @param certificate PEM file, the chain included
 * @param key PEM file
 * @param clientAuthority PEM file: clients must have a certificate of this authority; null: they need none
 */
public record AdminTls(Path certificate, Path key, Path clientAuthority) {
    public AdminTls {
        Objects.requireNonNull(certificate, "certificate");
        Objects.requireNonNull(key, "key");
    }

    void apply(HttpServerOptions options) {
        options.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(certificate.toString())
                        .setKeyPath(key.toString()));
        if (clientAuthority != null) {
            options.setClientAuth(ClientAuth.REQUIRED)
                    .setTrustOptions(new PemTrustOptions().addCertPath(clientAuthority.toString()));
        }
    }
}
