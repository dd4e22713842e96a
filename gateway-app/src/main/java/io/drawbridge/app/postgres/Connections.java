package io.drawbridge.app.postgres;

import io.drawbridge.app.options.DatabaseOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** How the database client reaches the database. */
public final class Connections {
    private static final Duration RECONNECT_PAUSE = Duration.ofMillis(200);

    private Connections() {}

    /** For the Admin API. */
    public static PgConnectOptions admin(DatabaseOptions database) {
        return options(database, database.host(), database.port());
    }

    /** For migrations, past a pooler if one was named. */
    public static PgConnectOptions migrations(DatabaseOptions database) {
        return options(database, database.migrationHost(), database.migrationPort());
    }

    private static PgConnectOptions options(DatabaseOptions database, String host, int port) {
        PgConnectOptions options = new PgConnectOptions()
                .setHost(host)
                .setPort(port)
                .setDatabase(database.name())
                .setUser(database.user())
                .setPassword(database.password())
                .setReconnectInterval(RECONNECT_PAUSE.toMillis());
        options.addProperty("application_name", "drawbridge");
        if (!database.schema().isEmpty()) {
            options.addProperty("search_path", database.schema());
        }
        if (database.tls()) {
            options.setSslMode(database.tlsVerify() ? SslMode.VERIFY_FULL : SslMode.REQUIRE);
            options.setSslOptions(tls(database));
        }
        return options;
    }

    private static ClientSSLOptions tls(DatabaseOptions database) {
        ClientSSLOptions tls = new ClientSSLOptions();
        if (!database.tlsVerify()) {
            return tls.setTrustAll(true).setHostnameVerificationAlgorithm("");
        }
        PemTrustOptions trust = new PemTrustOptions();
        for (String each : database.tlsTrust()) {
            if (each.equals("system")) {
                /* The client insists on being told. */
                systemAuthorities().forEach(trust::addCertValue);
            } else {
                trust.addCertPath(each);
            }
        }
        tls.setTrustOptions(trust);
        return tls.setHostnameVerificationAlgorithm("HTTPS");
    }

    private static List<Buffer> systemAuthorities() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            List<Buffer> pems = new ArrayList<>();
            for (X509Certificate each : ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers()) {
                pems.add(Buffer.buffer("-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(each.getEncoded())
                        + "\n-----END CERTIFICATE-----\n"));
            }
            return pems;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the system's certificates cannot be read", broken);
        }
    }
}
