package io.drawbridge.app.options;

import io.drawbridge.core.release.GatewayCatalog;
import io.drawbridge.migration.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All keys there are. {@code drawbridge.conf.default} is written from this list, and a test compares them. */
final class OptionList {
    private static final Duration MS = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);

    private static final List<Release> LINE = GatewayCatalog.LINE;

    private static final List<Option> LIST = listed();

    private static List<Option> listed() {
        Listing list = new Listing();
        list.group("GENERAL");
        list.kong("prefix", Kind.path(), "", """
                Folder for what this node keeps: its id, and the data of the embedded
                PostgreSQL. Nodes with the same prefix share that server. Empty: the
                folder .drawbridge beside the launcher.""");
        list.kong("log_level", Kind.oneOf("debug", "info", "notice", "warn", "error", "crit"), "notice", """
                Least severe messages to log.""");
        list.kong("role", Kind.oneOf("traditional", "control_plane", "data_plane"), "traditional", """
                What this node does.
                traditional:   it has a database, or a file, and proxies
                control_plane: it has a database, proxies nothing, and serves the
                               configuration to data planes, on cluster_listen
                data_plane:    it proxies, and gets its configuration from
                               cluster_control_plane""");
        list.kong("plugins", Kind.names("'bundled', 'off', or plugin names separated by commas"), "bundled", """
                Plugins that this gateway knows beyond the bundled ones. A database
                that holds other plugins is not upgraded: its nodes could not start.
                The bundled plugins' tables are always kept.""");
        list.kong("node_id", Kind.text("letters, digits, '-', '_' and '.'"), "", """
                This node's name among the members; must be unique. Empty: a random
                one, kept under the prefix for each admin_listen.""");

        list.group("PROXY");
        list.kong("proxy_listen", Kind.listen(), "0.0.0.0:8000, 0.0.0.0:8443 http2 ssl", """
                Where clients connect: host:port pairs separated by commas, or off. With
                'ssl' an address speaks TLS, with 'http2' HTTP/2 as well; other flags of
                nginx are accepted and mean nothing.""");
        list.kong("ssl_cert", Kind.text("a PEM file that can be read"), "", """
                Certificate of the addresses with 'ssl', its chain included, for names
                that no other is configured for. Empty: one that signs itself, made once
                and kept under the prefix.""");
        list.kong("ssl_cert_key", Kind.text("a PEM file that can be read"), "", "Its key.");
        list.kong("trusted_ips", Kind.list("addresses and networks separated by commas"), "", """
                Addresses and networks (10.0.0.0/8) of what stands in front of this
                node: their X-Forwarded-For, -Proto, -Host and -Port count.""");
        list.kong("real_ip_header", Kind.text("the name of a header"), "X-Real-IP", """
                In which of their headers the client's address is.""");
        list.kong("real_ip_recursive", Kind.bool(), "off", """
                on: of several addresses there the last that is not itself trusted
                counts. off: the last.""");
        list.kong("status_listen", Kind.listen(), "off", """
                Where /status, /status/ready and /metrics can be asked for: host:port
                pairs separated by commas, or off.""");

        list.group("HYBRID MODE");
        list.kong("cluster_listen", Kind.listen(), "0.0.0.0:8005", """
                Where a control plane listens for data planes; always with TLS.""");
        list.kong("cluster_cert", Kind.path(), "", """
                The certificate that control planes and data planes show each other,
                PEM; 'drawbridge hybrid gen_cert' makes one. In shared mode all have the
                same.""");
        list.kong("cluster_cert_key", Kind.path(), "", "Its key, PEM.");
        list.ours("cluster_cert_also", Kind.list("paths of PEM files separated by commas"), "", """
                Certificates that the other side may show besides cluster_cert in
                shared mode: the one before, or the next one, while it is replaced.""");
        list.kong("cluster_mtls", Kind.oneOf("shared", "pki"), "shared", """
                shared: all nodes have one certificate.
                pki:    each has its own, signed by cluster_ca_cert""");
        list.kong("cluster_ca_cert", Kind.path(), "", "Who signs the other side's certificates, PEM.");
        list.kong("cluster_allowed_common_names", Kind.names("names separated by commas"), "", """
                With pki: names one of which a data plane's certificate must have.
                Empty: any.""");
        list.kong("cluster_ocsp", Kind.oneOf("off", "on", "optional"), "off", """
                With pki: whether a data plane's certificate was taken back is asked
                where it says (OCSP), for at most 5 s.
                on:       who is revoked, or cannot be asked about, is turned away
                optional: who is revoked is""");
        list.ours("cluster_unfit", Kind.oneOf("withhold", "withhold_plugins", "block"), "withhold", """
                What becomes of configuration that a data plane cannot use.
                withhold: rows that its release refuses are left out, and with a
                   plugin that guards routes these; a data plane that lacks a
                   configured plugin gets nothing
                withhold_plugins: also plugins that it lacks are left out that way
                block: it gets nothing as long as anything does not fit""");
        list.kong(
                "cluster_data_plane_purge_delay",
                Kind.duration("s", Duration.ofMinutes(1), Duration.ofDays(3650)),
                "1209600s",
                """
                How long a data plane is listed after it was last seen.""");

        list.kong("cluster_control_plane", Kind.list("host:port pairs separated by commas"), "", """
                Where a data plane finds its control plane; of several it takes one that
                answers.""");
        list.kong("cluster_server_name", Kind.text("a name"), "", """
                With pki: the name in the control plane's certificate. Empty: the host
                in cluster_control_plane.""");
        list.kong("cluster_max_payload", Kind.bytes(4 * 1024 * 1024, 1 << 30), "16m", """
                Largest message that a data plane takes from its control plane.""");

        list.group("UPGRADES");
        list.ours("gateway_release", Kind.release(LINE), newest().toString(), """
                Makes this node behave as that release: its migrations end there.""");
        list.ours("migrations", Kind.oneOf("auto", "wait", "check"), "auto", """
                What start does when the database is not at this release.
                auto:  migrates, or waits while another node does
                wait:  waits until another node or an operator has migrated
                check: ends with an error""");
        list.ours("auto_finish", Kind.oneOf("off", "uniform"), "off", """
                uniform: a node finishes the upgrade by itself as soon as every
                member runs the new release. off: an operator does.""");
        list.ours("lease_ttl", Kind.duration("s", SECOND, Duration.ofHours(1)), "15s", """
                How long a dead leader keeps the next one waiting. Renewed at a third
                of it; also how long a silent member counts as alive. The same on
                all nodes.""");
        list.ours("poll_interval", Kind.duration("s", Duration.ofMillis(50), Duration.ofMinutes(1)), "1s", """
                How often a node looks at the cluster's state. At most lease_ttl.""");
        list.ours("step_lock_timeout", Kind.duration("ms", MS, Duration.ofMinutes(1)), "200ms", """
                How long one attempt of a migration step waits for a table's lock, and
                so the longest that it can hold up others.""");
        list.ours("step_lock_wait", Kind.duration("s", SECOND, DAY), "10m", """
                How long a step goes on trying before it fails.""");
        list.ours("backfill_batch", Kind.duration("ms", Duration.ofMillis(5), Duration.ofMinutes(1)), "100ms", """
                How long one batch of a long conversion should take.""");
        list.ours("foreign_roles", Kind.list("database roles separated by commas"), "", """
                Database roles whose connections block finish: those of gateways that
                know nothing of this one.""");

        list.group("ADMIN API");
        list.kong("admin_listen", Kind.listen(), "127.0.0.1:8001", """
                Where the Admin API listens: host:port pairs separated by commas, or
                off. A data plane listens only if this is given, and can only be read.
                With 'ssl' after it an address speaks TLS; other flags of nginx are
                accepted and mean nothing.""");
        list.kong("admin_ssl_cert", Kind.text("a PEM file that can be read"), "", """
                Certificate of the addresses with 'ssl', its chain included. Empty: one
                that signs itself, made once and kept under the prefix.""");
        list.kong("admin_ssl_cert_key", Kind.text("a PEM file that can be read"), "", """
                Its key.""");
        list.ours("admin_ssl_client_ca", Kind.text("a PEM file that can be read"), "", """
                Clients of the addresses with 'ssl' must have a certificate of this
                authority. Empty: they need none.""");
        list.ours("admin_advertise", Kind.text("a URL"), "", """
                The URL under which others reach this node's Admin API: told to
                clients whose writes are refused elsewhere. Empty: the first address
                of admin_listen, or this machine's name if that is 0.0.0.0.""");
        list.ours("admin_token_file", Kind.text("a file that can be read"), "", """
                File with a secret of at least 16 characters that every request to the
                Admin API must bring, as Kong-Admin-Token or as a bearer token. Empty:
                none; then keep admin_listen on loopback.""");
        list.ours("admin_max_bulk_size", Kind.bytes(10 << 20, 1 << 30), "256m", """
                Largest document for POST /config/apply; kept in a file without a name
                in the system's folder for temporary files while it is read.""");
        list.ours("reported_version", Kind.text("a version such as 2.5.0"), "2.5.0", """
                The version that clients are told in GET / and the header Server: tools
                decide by it what they may ask for.""");
        list.ours("drain_timeout", Kind.duration("s", MS, Duration.ofHours(1)), "10s", """
                How long a stopping node waits for requests in flight.""");

        list.group("DATABASE");
        list.kong("database", Kind.oneOf("embedded", "postgres", "off"), "", """
                embedded: a PostgreSQL 18 server of our own, its data under the prefix
                postgres: yours, reached by the pg_ keys
                off:      none. The node keeps its configuration in memory: that of
                          declarative_config, until POST /config brings another;
                          nothing else writes, and there is nothing to migrate
                Empty: postgres if one of pg_host, pg_port, pg_user, pg_password,
                pg_database or pg_schema is given, else embedded.""");
        list.kong("declarative_config", Kind.path(), "", """
                With database = off: the declarative file (.yml, .yaml or .json) that
                the node starts with. If it is invalid the node does not start. Empty:
                it starts with nothing.""");
        list.kong("mem_cache_size", Kind.bytes(1024, 64 * 1024 * 1024), "64m", """
                With database = off: the largest configuration that the node takes,
                measured as JSON; a larger one is refused and the old one stays.
                Over HTTP a body has 10 MB at most.""");
        list.kong("pg_host", Kind.text("a name or address"), "127.0.0.1", "Host of the server.");
        list.kong("pg_port", Kind.number(1, 65_535), "5432", "Port of the server.");
        list.kong("pg_timeout", Kind.duration("ms", Duration.ofMillis(10), Duration.ofMinutes(50)), "5s", """
                Longest time that one statement of the Admin API may take.""");
        list.kong("pg_user", Kind.text("a role"), "kong", "Role to log in with.");
        list.secret("pg_password", Kind.text("any text"), "", "Its password.");
        list.kong("pg_database", Kind.text("a name"), "kong", "Name of the database.");
        list.kong("pg_schema", Kind.identifier(), "", """
                Schema to use. Empty: what the role's search_path says.""");
        list.kong("pg_ssl", Kind.bool(), "off", "Whether to use TLS.");
        list.kong("pg_ssl_verify", Kind.bool(), "off", "Whether to verify the server's certificate.");
        list.kong("lua_ssl_trusted_certificate", Kind.files("system", "PEM files"), "system", """
                Whom to trust when verifying: 'system', or PEM files separated by
                commas.""");
        list.kong("pg_max_concurrent_queries", Kind.number(0, 1000), "0", """
                Most connections of the Admin API to the database; 0 means 16.""");
        list.ours("pg_migration_host", Kind.text("a name or address"), "", """
                Host to send migrations to when pg_host is a pooler such as PgBouncer.
                Empty: pg_host.""");
        list.ours("pg_migration_port", Kind.number(0, 65_535), "0", "Its port; 0: pg_port.");
        return List.copyOf(list.options);
    }

    private OptionList() {}

    static List<Option> all() {
        return LIST;
    }

    static Optional<Option> find(String key) {
        return LIST.stream().filter(option -> option.key().equals(key)).findFirst();
    }

    static Release newest() {
        return LINE.get(LINE.size() - 1);
    }

    /** The list while it is written. */
    private static final class Listing {
        private final List<Option> options = new ArrayList<>();
        private String group = "";

        private void group(String name) {
            group = name;
        }

        private void kong(String key, Kind kind, String fallback, String help) {
            options.add(new Option(key, group, kind, fallback, false, true, help));
        }

        private void secret(String key, Kind kind, String fallback, String help) {
            options.add(new Option(key, group, kind, fallback, true, true, help));
        }

        private void ours(String key, Kind kind, String fallback, String help) {
            options.add(new Option(key, group, kind, fallback, false, false, help));
        }
    }
}
