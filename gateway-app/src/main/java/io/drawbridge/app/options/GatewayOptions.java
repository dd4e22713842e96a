package io.drawbridge.app.options;

import io.drawbridge.core.entity.Formats;
import io.drawbridge.migration.Release;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How this process runs, read and checked as a whole before anything is started. Immutable; shows no secret.
 *
 * @param prefix folder for what the node keeps
 * @param logLevel one of Kong's level names
 * @param release the release that this node behaves as
 * @param startMode what start does about migrations
 * @param autoFinish whether to finish as soon as all members run this release
 * @param nodeId empty: one is made and kept under the prefix
 * @param plugins names beyond the bundled plugins
 * @param leaseTtl how long a dead leader blocks the next one
 * @param pollInterval how often to look at the cluster's state
 * @param stepLockTimeout how long one attempt of a step waits for a lock
 * @param stepLockWait how long a step goes on trying
 * @param backfillBatch how long one batch of a conversion should take
 * @param foreignRoles database roles that block finish
 * @param adminListen plain addresses; empty for none
 * @param adminAdvertise empty: derived from what is listened on
 * @param adminFiles what guards the Admin API
 * @param bulkBytesMax largest document for a whole configuration
 * @param reportedVersion what clients are told they talk to
 * @param drainTimeout how long a stopping node waits for requests in flight
 * @param database which database
 * @param declarative what a node without a database begins with
 * @param traffic how it proxies
 * @param hybrid how it meets data planes; empty if it is no control plane
 * @param uplink where it gets its configuration; empty if it is no data plane
 * @param settings all keys as a person may see them, secrets hidden
 * @param notes what a person should know although it is no error
 */
public record GatewayOptions(
        Path prefix,
        String logLevel,
        Release release,
        StartMode startMode,
        boolean autoFinish,
        String nodeId,
        List<String> plugins,
        Duration leaseTtl,
        Duration pollInterval,
        Duration stepLockTimeout,
        Duration stepLockWait,
        Duration backfillBatch,
        List<String> foreignRoles,
        List<ListenAddress> adminListen,
        String adminAdvertise,
        AdminFiles adminFiles,
        int bulkBytesMax,
        String reportedVersion,
        Duration drainTimeout,
        DatabaseOptions database,
        DeclarativeOptions declarative,
        TrafficOptions traffic,
        Optional<HybridOptions> hybrid,
        Optional<UplinkOptions> uplink,
        Map<String, String> settings,
        List<String> notes) {

    private static final int CONNECTIONS_DEFAULT = 16;

    /** What start does when the database is not at this release. */
    public enum StartMode {
        AUTO,
        WAIT,
        CHECK
    }

    public GatewayOptions {
        plugins = List.copyOf(plugins);
        foreignRoles = List.copyOf(foreignRoles);
        adminListen = List.copyOf(adminListen);
        settings = Map.copyOf(settings);
        notes = List.copyOf(notes);
    }

    /**
     * @param commandLine values by key that go over everything
     * @param environment of the process
     * @param file {@code -c}; null: the first of {@link #defaultFiles} that is there, if any
     * @throws OptionsException naming everything that is wrong
     */
    public static GatewayOptions read(Map<String, String> commandLine, Map<String, String> environment, Path file) {
        Optional<Path> path = file != null
                ? Optional.of(file)
                : defaultFiles().filter(Files::isRegularFile).findFirst();
        OptionSources sources = OptionSources.resolve(
                commandLine, environment, path.map(OptionsFile::read).orElse(null));
        return of(sources);
    }

    /** Where a file is looked for when none is named. */
    public static Stream<Path> defaultFiles() {
        return Stream.of(
                launcherHome().resolve("drawbridge.conf"),
                Path.of("/etc/drawbridge/drawbridge.conf"),
                Path.of("/etc/drawbridge.conf"));
    }

    /** The folder of the launcher, or the working directory when run without it. */
    public static Path launcherHome() {
        return Path.of(System.getProperty("drawbridge.home", "")).toAbsolutePath();
    }

    /** What other members see this node as. */
    public String role() {
        return hybrid.isPresent() ? "control_plane" : uplink.isPresent() ? "data_plane" : "traditional";
    }

    /** The same with another database. */
    public GatewayOptions with(DatabaseOptions other) {
        return new GatewayOptions(
                prefix,
                logLevel,
                release,
                startMode,
                autoFinish,
                nodeId,
                plugins,
                leaseTtl,
                pollInterval,
                stepLockTimeout,
                stepLockWait,
                backfillBatch,
                foreignRoles,
                adminListen,
                adminAdvertise,
                adminFiles,
                bulkBytesMax,
                reportedVersion,
                drainTimeout,
                other,
                declarative,
                traffic,
                hybrid,
                uplink,
                settings,
                notes);
    }

    private static GatewayOptions of(OptionSources from) {
        List<String> problems = new ArrayList<>();
        List<String> notes = new ArrayList<>(from.notes());
        Duration ttl = (Duration) from.values().get("lease_ttl");
        Duration poll = (Duration) from.values().get("poll_interval");
        if (ttl.compareTo(poll) < 0) {
            problems.add("poll_interval (" + from.places().getOrDefault("poll_interval", "default")
                    + "): must not be longer than lease_ttl");
        }
        boolean dataPlane = from.text("role").equals("data_plane");
        List<ListenAddress> listen =
                dataPlane && !from.given("admin_listen") ? List.of() : from.addresses("admin_listen");
        AdminFiles files = adminFiles(from, problems);
        withOrWithoutDatabase(from, problems, notes);
        TrafficOptions traffic = TrafficOptions.read(from, problems);
        Optional<HybridOptions> hybrid = HybridOptions.read(from, listen, problems);
        Optional<UplinkOptions> uplink = UplinkOptions.read(from, traffic.listen(), problems);
        String nodeId = from.text("node_id");
        if (!nodeId.matches("[A-Za-z0-9._-]{0,64}")) {
            problems.add("node_id (" + from.places().get("node_id")
                    + "): bad value; allowed: at most 64 letters, digits, '-', '_' and '.'");
        }
        if (dataPlane && !nodeId.isEmpty() && !Formats.isUuid(nodeId)) {
            problems.add("node_id (" + from.places().get("node_id") + "): bad value; a data plane's is a UUID");
        }
        if (files.token().isEmpty()
                && files.clientAuthority().isEmpty()
                && listen.stream().anyMatch(each -> !each.loopback())) {
            notes.add("admin_listen: whoever reaches this machine can change the gateway; name a secret in"
                    + " admin_token_file, or listen on 127.0.0.1");
        }
        if (!from.text("reported_version").matches("\\d{1,4}(\\.\\d{1,4}){1,3}(-[A-Za-z0-9-]{1,40})?")) {
            problems.add("reported_version (" + from.places().get("reported_version")
                    + "): bad value; allowed: a version such as 2.5.0");
        }
        if (!problems.isEmpty()) {
            throw new OptionsException(problems);
        }
        Path prefix =
                from.given("prefix") ? from.path("prefix") : launcherHome().resolve(".drawbridge");
        return new GatewayOptions(
                prefix.toAbsolutePath().normalize(),
                from.text("log_level"),
                (Release) from.values().get("gateway_release"),
                StartMode.valueOf(from.text("migrations").toUpperCase(Locale.ROOT)),
                from.text("auto_finish").equals("uniform"),
                nodeId,
                from.strings("plugins").stream()
                        .filter(name -> !name.equals("bundled") && !name.equals("off"))
                        .toList(),
                ttl,
                poll,
                (Duration) from.values().get("step_lock_timeout"),
                (Duration) from.values().get("step_lock_wait"),
                (Duration) from.values().get("backfill_batch"),
                from.strings("foreign_roles"),
                listen,
                from.text("admin_advertise"),
                files,
                (Integer) from.values().get("admin_max_bulk_size"),
                from.text("reported_version"),
                (Duration) from.values().get("drain_timeout"),
                database(from),
                declarative(from),
                traffic,
                hybrid,
                uplink,
                from.shown(),
                notes);
    }

    private static DeclarativeOptions declarative(OptionSources from) {
        return new DeclarativeOptions(Optional.ofNullable(from.path("declarative_config")), (Integer)
                from.values().get("mem_cache_size"));
    }

    /* What would be silently without effect, and is likely to be meant. */
    private static void withOrWithoutDatabase(OptionSources from, List<String> problems, List<String> notes) {
        if (from.text("role").equals("data_plane") || from.text("database").equals("off")) {
            Map.of("migrations", "auto", "auto_finish", "off", "foreign_roles", "", "pg_migration_host", "")
                    .entrySet()
                    .stream()
                    .filter(harmless -> from.given(harmless.getKey())
                            && !from.text(harmless.getKey()).equals(harmless.getValue()))
                    .map(Map.Entry::getKey)
                    .sorted()
                    .forEach(key -> problems.add(key + " (" + from.places().get(key)
                            + "): has no meaning for a node without a database (database = off, or a data plane)"));
            from.places().keySet().stream()
                    .filter(key -> key.startsWith("pg_") && !key.startsWith("pg_migration"))
                    .sorted()
                    .forEach(key ->
                            notes.add(key + " (" + from.places().get(key) + "): not used, this node has no database"));
        } else if (from.given("declarative_config")) {
            problems.add("declarative_config (" + from.places().get("declarative_config")
                    + "): is for nodes without a database; set database = off, or bring the file into the database"
                    + " with 'drawbridge config db_import'");
        }
    }

    private static AdminFiles adminFiles(OptionSources from, List<String> problems) {
        AdminFiles files = new AdminFiles(
                from.file("admin_token_file", problems),
                from.file("admin_ssl_cert", problems),
                from.file("admin_ssl_cert_key", problems),
                from.file("admin_ssl_client_ca", problems));
        if (files.certificate().isPresent() != files.key().isPresent()) {
            problems.add("admin_ssl_cert and admin_ssl_cert_key: one is given without the other");
        }
        return files;
    }

    private static DatabaseOptions database(OptionSources from) {
        boolean pgGiven = Stream.of("pg_host", "pg_port", "pg_user", "pg_password", "pg_database", "pg_schema")
                .anyMatch(from::given);
        String named = from.text("role").equals("data_plane") ? "off" : from.text("database");
        DatabaseOptions.Kind kind = !named.isEmpty()
                ? DatabaseOptions.Kind.valueOf(named.toUpperCase(Locale.ROOT))
                : pgGiven ? DatabaseOptions.Kind.POSTGRES : DatabaseOptions.Kind.EMBEDDED;
        int connections = (Integer) from.values().get("pg_max_concurrent_queries");
        int port = (Integer) from.values().get("pg_port");
        int migrationPort = (Integer) from.values().get("pg_migration_port");
        String migrationHost = from.text("pg_migration_host");
        return new DatabaseOptions(
                kind,
                from.text("pg_host"),
                port,
                from.text("pg_user"),
                from.text("pg_password"),
                from.text("pg_database"),
                from.text("pg_schema"),
                kind == DatabaseOptions.Kind.POSTGRES && (Boolean) from.values().get("pg_ssl"),
                (Boolean) from.values().get("pg_ssl_verify"),
                from.strings("lua_ssl_trusted_certificate"),
                (Duration) from.values().get("pg_timeout"),
                connections == 0 ? CONNECTIONS_DEFAULT : connections,
                migrationHost.isEmpty() ? from.text("pg_host") : migrationHost,
                migrationPort == 0 ? port : migrationPort);
    }
}
