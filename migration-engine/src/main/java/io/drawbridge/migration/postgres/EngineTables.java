package io.drawbridge.migration.postgres;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The engine's own tables: their names and how they are made. Immutable.
 *
 * @param prefix what their names begin with, e.g. {@code drawbridge_}
 */
public record EngineTables(String prefix) {
    private static final Pattern PREFIX = Pattern.compile("[a-z_][a-z0-9_]{0,30}");

    /** Version of these tables' layout; kept in the gate row, so that a later engine can tell. */
    static final int LAYOUT = 1;

    public EngineTables {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "table prefix must be lower case letters, digits and '_', at most 31: '" + prefix + "'");
        }
    }

    public static EngineTables standard() {
        return new EngineTables("drawbridge_");
    }

    public String gate() {
        return prefix + "gate";
    }

    public String lease() {
        return prefix + "lease";
    }

    public String journal() {
        return prefix + "journal";
    }

    public String members() {
        return prefix + "members";
    }

    public String requests() {
        return prefix + "requests";
    }

    public String audit() {
        return prefix + "audit";
    }

    List<String> names() {
        return List.of(gate(), lease(), journal(), members(), requests(), audit());
    }

    /*
     * The unique constraints on (name, epoch) and on gate_seq are what makes FOR KEY SHARE work as a fence: an UPDATE of
     * a column in a unique index takes the row lock FOR UPDATE, which waits for key-share holders; one of other columns
     * (a renewal) does not.
     */
    List<String> create() {
        return List.of(
                        """
                CREATE TABLE %1$sgate (
                  id integer PRIMARY KEY CHECK (id = 1),
                  layout integer NOT NULL,
                  state text NOT NULL,
                  active text,
                  target text,
                  gate_seq bigint NOT NULL UNIQUE,
                  held text,
                  foreign_writes boolean NOT NULL DEFAULT false,
                  foreign_writes_kept boolean NOT NULL DEFAULT false,
                  deadline timestamptz,
                  incarnation uuid NOT NULL)""",
                        """
                CREATE TABLE %1$slease (
                  name text PRIMARY KEY,
                  holder text NOT NULL DEFAULT '',
                  incarnation text NOT NULL DEFAULT '',
                  epoch bigint NOT NULL DEFAULT 0,
                  expires_at timestamptz NOT NULL DEFAULT '-infinity',
                  beat bigint NOT NULL DEFAULT 0,
                  note text,
                  UNIQUE (name, epoch))""",
                        """
                CREATE TABLE %1$sjournal (
                  id text PRIMARY KEY,
                  position bigint GENERATED ALWAYS AS IDENTITY,
                  state text NOT NULL,
                  steps_done integer NOT NULL,
                  cursor_at text,
                  rows_done bigint NOT NULL DEFAULT 0,
                  rows_total bigint NOT NULL DEFAULT 0,
                  failure text,
                  changed_at timestamptz NOT NULL DEFAULT clock_timestamp())""",
                        """
                CREATE TABLE %1$smembers (
                  id text PRIMARY KEY,
                  incarnation text NOT NULL,
                  release text NOT NULL,
                  role text NOT NULL,
                  admin_url text NOT NULL DEFAULT '',
                  drained bigint NOT NULL DEFAULT 0,
                  last_seen timestamptz NOT NULL DEFAULT clock_timestamp(),
                  beat bigint NOT NULL DEFAULT 0)""",
                        """
                CREATE TABLE %1$srequests (
                  id uuid PRIMARY KEY,
                  kind text NOT NULL,
                  target text NOT NULL,
                  force text NOT NULL DEFAULT '',
                  keep_foreign boolean NOT NULL DEFAULT false,
                  reason text NOT NULL DEFAULT '',
                  asked_by text NOT NULL DEFAULT '',
                  state text NOT NULL,
                  result text,
                  asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                  closed_at timestamptz)""",
                        "CREATE UNIQUE INDEX %1$srequests_one_open ON %1$srequests ((state)) WHERE state = 'OPEN'",
                        """
                CREATE TABLE %1$saudit (
                  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                  at timestamptz NOT NULL DEFAULT clock_timestamp(),
                  by_whom text NOT NULL,
                  release text,
                  epoch bigint NOT NULL DEFAULT 0,
                  from_state text NOT NULL,
                  to_state text NOT NULL,
                  reason text NOT NULL DEFAULT '')""")
                .stream()
                .map(statement -> statement.formatted(prefix))
                .toList();
    }
}
