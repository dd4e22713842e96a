package io.drawbridge.app.options;

import java.util.List;
import java.util.Set;

/**
 * Keys of Kong 2.5's {@code kong.conf} that this gateway does not use yet. They are accepted and do nothing, so that a
 * file or environment made for Kong can be used as it is; {@code drawbridge check} lists them.
 */
final class KongKeys {
    private static final Set<String> UNUSED = Set.of(
            "admin_access_log",
            "admin_error_log",
            "proxy_access_log",
            "proxy_error_log",
            "proxy_stream_access_log",
            "proxy_stream_error_log",
            "status_access_log",
            "status_error_log",
            "anonymous_reports",
            "port_maps",
            "pluginserver_names",
            "proxy_server",
            "proxy_server_ssl_verify",
            "error_template_html",
            "stream_listen",
            "headers",
            "client_body_buffer_size",
            "client_max_body_size",
            "error_default_type",
            "upstream_keepalive",
            "upstream_keepalive_pool_size",
            "upstream_keepalive_max_requests",
            "upstream_keepalive_idle_timeout",
            "ssl_cipher_suite",
            "ssl_ciphers",
            "ssl_protocols",
            "ssl_prefer_server_ciphers",
            "ssl_session_tickets",
            "ssl_session_timeout",
            "ssl_session_cache_size",
            "ssl_dhparam",
            "client_ssl",
            "client_ssl_cert",
            "client_ssl_cert_key",
            "status_ssl_cert",
            "status_ssl_cert_key",
            "pg_semaphore_timeout",
            "declarative_config_string",
            "db_update_frequency",
            "db_update_propagation",
            "db_cache_ttl",
            "db_cache_neg_ttl",
            "db_resurrect_ttl",
            "db_cache_warmup_entities",
            "router_consistency",
            "router_update_frequency",
            "worker_consistency",
            "worker_state_update_frequency",
            "lua_ssl_verify_depth",
            "lua_ssl_protocols",
            "lua_package_path",
            "lua_package_cpath",
            "lua_socket_pool_size",
            "go_pluginserver_exe",
            "go_plugins_dir",
            "custom_plugins",
            "host_ports",
            "kic",
            "untrusted_lua",
            "untrusted_lua_sandbox_requires",
            "untrusted_lua_sandbox_environment",
            "lua_path_override");

    private static final List<String> UNUSED_FAMILIES = List.of(
            "nginx_",
            "cassandra_",
            "dns_",
            "pg_ro_",
            "cluster_",
            "pluginserver_",
            "admin_gui_",
            "portal",
            "vitals",
            "audit_log",
            "keyring_",
            "smtp_",
            "rbac",
            "enforce_rbac",
            "license_",
            "admin_emails",
            "feature_conf");

    private KongKeys() {}

    static boolean unused(String key) {
        return UNUSED.contains(key) || UNUSED_FAMILIES.stream().anyMatch(key::startsWith);
    }
}
