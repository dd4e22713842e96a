package io.drawbridge.app.postgres;

import io.drawbridge.app.options.DatabaseOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.time.Duration;

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
        database.tlsTrust().stream().filter(path -> !path.equals("system")).forEach(trust::addCertPath);
        if (!trust.getCertPaths().isEmpty()) {
            tls.setTrustOptions(trust);
        }
        return tls.setHostnameVerificationAlgorithm("HTTPS");
    }
}
