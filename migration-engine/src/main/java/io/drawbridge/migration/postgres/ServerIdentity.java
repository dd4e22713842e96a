package io.drawbridge.migration.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What tells this database server from a copy of it, for roles that may know. Asks once whether ours may. Thread-safe. */
final class ServerIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(ServerIdentity.class);

    private volatile String expression;

    /** An expression of SQL that yields it as text; empty text if the role may not know. */
    Future<String> expression(SqlClient client) {
        String known = expression;
        return known != null
                ? Future.succeededFuture(known)
                : client.query("SELECT has_function_privilege('pg_control_system()', 'EXECUTE') AS may")
                        .execute()
                        .map(rows -> rows.iterator().next().getBoolean("may"))
                        .onSuccess(may -> {
                            if (!may) {
                                LOG.warn("role may not call pg_control_system():"
                                        + " a database replaced by a copy of it will go unnoticed");
                            }
                        })
                        .map(may -> may ? "(SELECT system_identifier::text FROM pg_control_system())" : "''")
                        .onSuccess(asked -> expression = asked);
    }

    /** Ask again: the right to know was taken away meanwhile. */
    void forget() {
        expression = null;
    }
}
