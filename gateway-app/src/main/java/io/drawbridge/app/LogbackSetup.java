package io.drawbridge.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/** Sends the log to standard error, one line per message. Found by Logback through its service file. */
public final class LogbackSetup extends ContextAwareBase implements Configurator {
    /* In code: reading an XML file costs more than everything else before the first line. */
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{yyyy/MM/dd HH:mm:ss} [%level] %msg%n%ex{5}");
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(appender);
        root.setLevel(Level.WARN);
        /* The client logs each NOTICE of the server as a warning. */
        context.getLogger("io.vertx.pgclient").setLevel(Level.ERROR);
        context.getLogger("io.vertx.sqlclient").setLevel(Level.ERROR);
        context.getLogger("io.netty").setLevel(Level.WARN);
        /* Vert.x registers some of its gauges once per client. */
        context.getLogger("io.micrometer").setLevel(Level.ERROR);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** @param level one of Kong's: debug, info, notice, warn, error, crit */
    public static void level(String level) {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(
                switch (level) {
                    case "debug" -> Level.DEBUG;
                    case "info", "notice" -> Level.INFO;
                    case "warn" -> Level.WARN;
                    default -> Level.ERROR;
                });
    }

    /** Nothing but what a command prints itself. */
    public static void quiet() {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
    }
}
