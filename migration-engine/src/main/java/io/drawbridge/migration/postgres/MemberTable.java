package io.drawbridge.migration.postgres;

import io.drawbridge.migration.Member;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The members' rows. Immutable. */
final class MemberTable {
    private final EngineTables tables;

    MemberTable(EngineTables tables) {
        this.tables = tables;
    }

    Future<Void> announce(SqlClient client, Member member) {
        return client.preparedQuery("INSERT INTO " + tables.members()
                        + " AS m (id, incarnation, release, role, admin_url, drained) VALUES ($1, $2, $3, $4, $5, $6)"
                        + " ON CONFLICT (id) DO UPDATE SET incarnation = excluded.incarnation, release = excluded.release,"
                        + " role = excluded.role, admin_url = excluded.admin_url, drained = excluded.drained,"
                        + " last_seen = clock_timestamp(), beat = m.beat + 1")
                .execute(Tuple.of(
                        member.id(),
                        member.incarnation(),
                        member.release().toString(),
                        member.role(),
                        member.adminUrl(),
                        member.drained()))
                .mapEmpty();
    }

    Future<Void> leave(SqlClient client, Member member) {
        return client.preparedQuery("DELETE FROM " + tables.members() + " WHERE id = $1 AND incarnation = $2")
                .execute(Tuple.of(member.id(), member.incarnation()))
                .mapEmpty();
    }

    Future<List<Member>> all(SqlClient client, Duration purge) {
        String silence = "round(extract(epoch FROM clock_timestamp() - last_seen) * 1000)::bigint";
        return client.preparedQuery("DELETE FROM " + tables.members()
                        + " WHERE last_seen < clock_timestamp() - $1 * interval '1 millisecond'")
                .execute(Tuple.of((double) purge.toMillis()))
                .compose(purged -> client.preparedQuery(
                                "SELECT id, incarnation, release, role, admin_url, drained, beat, " + silence
                                        + " AS silent FROM " + tables.members() + " ORDER BY id LIMIT 10000")
                        .execute())
                .map(rows -> {
                    List<Member> members = new ArrayList<>();
                    rows.forEach(row -> members.add(member(row)));
                    return List.copyOf(members);
                });
    }

    private static Member member(Row row) {
        return new Member(
                row.getString("id"),
                row.getString("incarnation"),
                Release.parse(row.getString("release")),
                row.getString("role"),
                row.getString("admin_url"),
                row.getLong("drained"),
                row.getLong("beat"),
                Duration.ofMillis(row.getLong("silent")));
    }
}
