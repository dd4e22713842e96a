package io.drawbridge.core.entity;

import static io.drawbridge.core.entity.PluginFields.choice;
import static io.drawbridge.core.entity.PluginFields.customFields;
import static io.drawbridge.core.entity.PluginFields.flag;
import static io.drawbridge.core.entity.PluginFields.host;
import static io.drawbridge.core.entity.PluginFields.logLevel;
import static io.drawbridge.core.entity.PluginFields.url;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Plugins that send each request's log entry somewhere; they see connections without requests as well. */
final class LoggingPlugins {
    private static final Pattern FILE_NAME = Pattern.compile("[^*&%\\\\`]+");
    private static final Set<String> OWN_HEADERS = Set.of("host", "content-length", "content-type");
    private static final Object[] FACILITIES = {
        "auth",
        "authpriv",
        "cron",
        "daemon",
        "ftp",
        "kern",
        "lpr",
        "mail",
        "news",
        "syslog",
        "user",
        "uucp",
        "local0",
        "local1",
        "local2",
        "local3",
        "local4",
        "local5",
        "local6",
        "local7"
    };

    static final List<PluginSchema> ALL = List.of(fileLog(), httpLog(), loggly(), syslog(), tcpLog(), udpLog());

    private LoggingPlugins() {}

    private static PluginSchema.Builder plugin(String name) {
        return PluginSchema.named(name).anyProtocol();
    }

    private static PluginSchema fileLog() {
        return plugin("file-log")
                .config(
                        Field.string("path")
                                .required()
                                .rule(Rule.text(
                                        text -> FILE_NAME.matcher(text).matches() ? null : "not a valid filename")),
                        flag("reopen", false),
                        customFields());
    }

    private static PluginSchema httpLog() {
        return plugin("http-log")
                .config(
                        url("http_endpoint").required(),
                        choice("method", "POST", "PUT", "PATCH").standard("POST"),
                        choice("content_type", "application/json").standard("application/json"),
                        Field.number("timeout").standard(10_000L),
                        Field.number("keepalive").standard(60_000L),
                        Field.integer("retry_count").standard(10L),
                        Field.integer("queue_size").standard(1L),
                        Field.number("flush_timeout").standard(2L),
                        Field.map(
                                        "headers",
                                        Field.string("name").rule(Rule.text(LoggingPlugins::header)),
                                        Field.array("values", Field.string("value")))
                                .since(2, 3),
                        customFields());
    }

    private static String header(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return OWN_HEADERS.contains(lower) ? "cannot contain '" + lower + "' header" : Formats.header(name);
    }

    private static PluginSchema loggly() {
        return plugin("loggly")
                .config(
                        host("host").standard("logs-01.loggly.com"),
                        CommonFields.port("port").standard(514L),
                        Field.string("key").required(),
                        Field.set("tags", Field.string("tag")).standard(List.of("kong")),
                        logLevel("log_level"),
                        logLevel("successful_severity"),
                        logLevel("client_errors_severity"),
                        logLevel("server_errors_severity"),
                        Field.number("timeout").standard(10_000L),
                        customFields());
    }

    private static PluginSchema syslog() {
        return plugin("syslog")
                .config(
                        logLevel("log_level"),
                        logLevel("successful_severity"),
                        logLevel("client_errors_severity"),
                        logLevel("server_errors_severity"),
                        customFields(),
                        choice("facility", FACILITIES).standard("user").since(2, 5));
    }

    private static PluginSchema tcpLog() {
        return plugin("tcp-log")
                .config(
                        host("host").required(),
                        CommonFields.port("port").required(),
                        Field.number("timeout").standard(10_000L),
                        Field.number("keepalive").standard(60_000L),
                        flag("tls", false),
                        Field.string("tls_sni"),
                        customFields());
    }

    private static PluginSchema udpLog() {
        return plugin("udp-log")
                .config(
                        host("host").required(),
                        CommonFields.port("port").required(),
                        Field.number("timeout").standard(10_000L),
                        customFields());
    }
}
