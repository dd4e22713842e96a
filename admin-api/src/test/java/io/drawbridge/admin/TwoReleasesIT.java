package io.drawbridge.admin;

import static io.drawbridge.admin.AdminNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.AdminNode.Answer;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.release.BundledPlugins;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.UpOptions;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Nodes of two releases on one database: one takes every write, the other none, and both read what was written. */
final class TwoReleasesIT {
    private static final String DOCUMENT =
            "{'_format_version':'2.1','services':[{'name':'walk','host':'a','tags':['walk']}]}";

    @Test
    void everyWrite_oneReleaseTakesItAndTheOtherSaysWhere() throws Exception {
        try (PostgresServer postgres = PostgresServer.temporary()) {
            Database database = postgres.createDatabase();
            try (AdminNode old = new AdminNode(database, Release.of(2, 4)).start(true);
                    AdminNode fresh = new AdminNode(database, Release.of(2, 5))) {
                Examples examples = Examples.on(old);
                await(fresh.migrator.up(UpOptions.standard()));
                fresh.start(false);
                refusesAll(fresh, examples, old);
                allowsWhatWritesNothing(fresh);
                pluginsAreReadAlike(old, fresh);
                acceptsAll(old, examples, fresh, GateWalk.Encoding.JSON);

                /* A node that nobody hears of any more, but that clients still reach. */
                await(old.membership.stop());
                Answer asked = fresh.json("POST", "/migrations/finish", "{}");
                assertThat(asked.status()).as(asked.text()).isEqualTo(202);
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (!fresh.get("/migrations")
                                .json()
                                .getString("active_release")
                                .equals("2.5")
                        || !fresh.get("/").header("X-Gateway-Write-Gate").equals("open")) {
                    assertThat(System.nanoTime())
                            .as(fresh.get("/migrations").text())
                            .isLessThan(deadline);
                    Thread.sleep(50);
                }
                database.execute("SET drawbridge.writer = '2.5/test'; TRUNCATE services, consumers, upstreams,"
                        + " certificates, ca_certificates, plugins, routes CASCADE;"
                        + " DELETE FROM workspaces WHERE name <> 'default'");
                Examples again = Examples.on(fresh);
                refusesAll(old, again, fresh);
                acceptsAll(fresh, again, fresh, GateWalk.Encoding.MULTIPART);
            }
        }
    }

    private static void refusesAll(AdminNode node, Examples examples, AdminNode writer) {
        for (GateWalk.Encoding encoding : GateWalk.Encoding.values()) {
            for (GateWalk.Write write : GateWalk.of(node, examples)) {
                if (write.byReference()) {
                    continue;
                }
                Answer answer = write.send(node, encoding);
                assertThat(answer.status())
                        .as("%s %s: %s", write, encoding, answer.text())
                        .isEqualTo(409);
                assertThat(answer.json().getInteger("code")).as("%s", write).isEqualTo(101);
                assertThat(answer.json().getJsonArray("write_to"))
                        .as("%s", write)
                        .isEqualTo(new JsonArray().add("http://127.0.0.1:" + writer.port));
            }
        }
    }

    private static void allowsWhatWritesNothing(AdminNode node) {
        Map<String, String> allowed = Map.of(
                "/schemas/services/validate", "{'host':'a'}",
                "/schemas/plugins/validate", "{'name':'key-auth'}",
                "/config/apply?dry_run=true", DOCUMENT);
        allowed.forEach((path, body) -> {
            Answer answer = node.json("POST", path, body);
            assertThat(answer.status()).as("%s %s", path, answer.text()).isEqualTo(200);
        });
        assertThat(node.get("/services/walk").status()).isEqualTo(404);
    }

    /** One takes the walk; what is there before the deletes, both read alike. */
    private static void acceptsAll(AdminNode node, Examples examples, AdminNode reader, GateWalk.Encoding encoding) {
        Set<String> written = new TreeSet<>();
        Set<String> deleted = new TreeSet<>();
        for (GateWalk.Write write : GateWalk.of(node, examples)) {
            boolean delete = write.method().equals(HttpMethod.DELETE);
            if (delete && deleted.isEmpty()) {
                assertThat(readAlike(node, reader, examples)).isEqualTo(types(node));
            }
            Answer answer = write.path().equals("/config/apply")
                    ? node.json("POST", "/config/apply?tags=walk", DOCUMENT)
                    : write.send(node, encoding);
            /* Names that an earlier step took are in the way of some. */
            assertThat(answer.status()).as("%s: %s", write, answer.text()).isIn(200, 201, 204, 400, 404, 405, 409);
            assertThat(answer.text()).as("%s", write).doesNotContain("migration pending");
            assertThat(answer.header("X-Gateway-Write-Gate")).isEqualTo("open");
            if (answer.status() < 300) {
                write.route().type().ifPresent(type -> (delete ? deleted : written).add(type.name()));
            }
        }
        /* The walk's own are renamed, and still referred to. */
        for (String collection : List.of("/certificates", "/upstreams/n/targets")) {
            Answer made = node.json("POST", collection, examples.body(collection));
            assertThat(made.status()).as(made.text()).isIn(200, 201);
            String path = collection + "/" + made.json().getString("id");
            assertThat(node.send("DELETE", path, null, null).status()).isEqualTo(204);
            deleted.add(collection.replaceAll(".*/", ""));
        }
        assertThat(written).isEqualTo(types(node));
        assertThat(deleted).isEqualTo(types(node));
        assertThat(reader.get("/services/walk").status()).isEqualTo(200);
    }

    /** Of each plugin that needs no more than its name: what one release filled in is what the next one reads. */
    private static void pluginsAreReadAlike(AdminNode old, AdminNode fresh) {
        Map<String, Object> added = new TreeMap<>();
        int compared = 0;
        for (String name : BundledPlugins.of(old.release)) {
            Answer made = old.json("POST", "/plugins", "{'name':'" + name + "'}");
            assertThat(made.status()).as("%s: %s", name, made.text()).isIn(201, 400);
            if (made.status() == 201) {
                String path = "/plugins/" + made.json().getString("id");
                JsonObject read = fresh.get(path).json();
                for (String field : Set.copyOf(read.getJsonObject("config").fieldNames())) {
                    if (!made.json().getJsonObject("config").containsKey(field)) {
                        added.put(
                                name + "." + field, read.getJsonObject("config").remove(field));
                    }
                }
                assertThat(read).as(name).isEqualTo(made.json());
                assertThat(old.send("DELETE", path, null, null).status()).isEqualTo(204);
                compared++;
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(19);
        assertThat(added).isEqualTo(Map.of("syslog.facility", "user"));
    }

    private static Set<String> types(AdminNode node) {
        return node.server.routes().routes().stream()
                .flatMap(route -> route.type().stream())
                .map(EntityType::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The types of which something was read. */
    private static Set<String> readAlike(AdminNode writer, AdminNode reader, Examples examples) {
        Set<String> found = new TreeSet<>();
        for (RouteTable.Route route : writer.server.routes().routes()) {
            if (route.type().isEmpty() || !route.handlers().containsKey(HttpMethod.GET)) {
                continue;
            }
            String path = examples.path(route.pattern());
            Answer written = writer.get(path);
            Answer read = reader.get(path);
            assertThat(read.status()).as("%s: %s", path, read.text()).isEqualTo(written.status());
            assertThat(read.json()).as(path).isEqualTo(written.json());
            if (!read.json().getJsonArray("data", new JsonArray()).isEmpty()) {
                found.add(route.type().get().name());
            }
        }
        return found;
    }
}
