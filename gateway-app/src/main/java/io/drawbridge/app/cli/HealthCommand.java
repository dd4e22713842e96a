package io.drawbridge.app.cli;

import io.drawbridge.app.AdminCertificate;
import io.drawbridge.app.ExitCode;
import io.drawbridge.app.NodeFile;
import io.drawbridge.app.TokenFile;
import io.drawbridge.app.options.GatewayOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import javax.net.ssl.HttpsURLConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code drawbridge health}. */
@Command(name = "health", description = "Say whether the nodes of this prefix are ready: exit 0 if all are, else 1.")
final class HealthCommand implements Callable<Integer> {
    private static final int TIMEOUT_MS = 5_000;
    private static final int BODY_BYTES_MAX = 100_000;

    @Mixin
    private Common common;

    @Override
    public Integer call() {
        Output output = common.output(false);
        GatewayOptions options = common.options();
        Path prefix = options.prefix();
        List<NodeFile> nodes = NodeFile.live(prefix);
        if (nodes.isEmpty()) {
            throw new IllegalStateException("Drawbridge is not running at " + prefix);
        }
        boolean healthy = true;
        for (NodeFile node : nodes) {
            String state = state(node, options);
            healthy &= state.equals("ready");
            output.line("node " + node.member() + "  release " + node.release() + "  pid " + node.pid() + "  "
                    + (node.adminUrl().isEmpty() ? "" : node.adminUrl() + "  ") + state);
        }
        if (healthy) {
            output.line("Drawbridge is healthy at " + prefix);
            return ExitCode.OK.number();
        }
        throw new IllegalStateException("Drawbridge is not healthy at " + prefix);
    }

    private static String state(NodeFile node, GatewayOptions options) {
        if (!node.ready()) {
            return "starting";
        }
        if (node.adminUrl().isEmpty()) {
            return "ready";
        }
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(node.adminUrl() + "/status").toURL().openConnection();
            if (connection instanceof HttpsURLConnection secure) {
                /* It is this very node's certificate that is trusted, whatever name it bears. */
                secure.setSSLSocketFactory(AdminCertificate.trusting(options.prefix(), options.adminFiles()));
                secure.setHostnameVerifier((host, session) -> true);
            }
            options.adminFiles()
                    .token()
                    .map(TokenFile::read)
                    .ifPresent(secret -> connection.setRequestProperty("Kong-Admin-Token", secret));
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            int status = connection.getResponseCode();
            if (status == 401) {
                return "not known (it wants a token: name its admin_token_file)";
            }
            if (status != 200) {
                return "not ready (HTTP " + status + ")";
            }
            try (InputStream body = connection.getInputStream()) {
                String text = new String(body.readNBytes(BODY_BYTES_MAX), StandardCharsets.UTF_8);
                return judged(new JsonObject(text));
            }
        } catch (IOException failure) {
            return "no answer (" + failure.getMessage() + ")";
        }
    }

    private static String judged(JsonObject status) {
        if (!status.getJsonObject("database").getBoolean("reachable")) {
            return "not ready (the database cannot be reached)";
        }
        String cutOff = status.getString("cut_off");
        return cutOff == null ? "ready" : "CUT OFF (" + cutOff + ")";
    }
}
