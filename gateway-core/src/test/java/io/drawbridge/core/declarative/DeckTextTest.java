package io.drawbridge.core.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.migration.Release;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class DeckTextTest {
    private static final DeclarativeFile FILE =
            new DeclarativeFile(EntityTypes.at(Release.of(2, 5)), new Validator(InstantSource.system()));
    private static final String FORMAT = "_format_version: '1.1'\n";

    @Test
    void text_hasChildrenWithinParents_noNulls_andMeansTheSame() {
        Declaration read = FILE.read(Yaml.parse(FORMAT + """
                workspaces:
                - name: default
                services:
                - name: s
                  host: h
                  routes:
                  - name: r
                    protocols: [tcp]
                    destinations: [{port: 1}]
                    plugins: [{name: udp-log, protocols: [tcp], config: {host: h, port: 1}}]
                consumers:
                - username: bob
                  keyauth_credentials: [{key: k}]
                  oauth2_credentials:
                  - {name: app, client_id: c, redirect_uris: ['http://a/'], oauth2_tokens: [{expires_in: 1}]}
                upstreams:
                - name: u
                  targets: [{target: 'a:80'}]
                plugins:
                - {name: request-termination, consumer: bob, config: {body: "no"}}
                """));
        DeckText text = new DeckText();
        read.entities().forEach(declared -> text.add(Workspaces.DEFAULT, List.of(declared.entity())));

        assertThat(text.leftOut()).isEqualTo(Map.of("workspaces", 1, "oauth2_tokens", 1));
        Map<String, Object> written = Yaml.parse(text.text());
        assertThat(written.keySet())
                .containsExactly("_format_version", "consumers", "services", "routes", "plugins", "upstreams");
        String service = Uuids.of("services", "s").toString();
        String bob = Uuids.of("consumers", "bob").toString();
        assertThat(first(written, "routes")).containsEntry("service", Map.of("id", service));
        assertThat(first(written, "routes"))
                .containsEntry("destinations", List.of(Map.of("port", 1L)))
                .doesNotContainKeys("paths", "created_at");
        assertThat(first(written, "consumers").get("keyauth_credentials"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .singleElement(InstanceOfAssertFactories.MAP)
                .containsEntry("key", "k")
                .doesNotContainKey("consumer");
        assertThat(text.text())
                .contains("  consumer: " + bob + "\n")
                .contains("body: 'no'\n")
                .contains("message: null\n");

        Declaration again = FILE.read(written);
        assertThat(values(again)).containsExactlyInAnyOrderElementsOf(values(read));
    }

    private static List<Map<String, Object>> values(Declaration read) {
        return read.entities().stream()
                .map(Declaration.Declared::entity)
                .filter(entity -> !List.of("workspaces", "oauth2_tokens")
                        .contains(entity.type().name()))
                .map(entity -> entity.with("created_at", null).with("updated_at", null))
                .map(Entity::values)
                .toList();
    }

    private static Map<String, Object> first(Map<String, Object> document, String type) {
        @SuppressWarnings("unchecked")
        Map<String, Object> first = (Map<String, Object>) ((List<?>) document.get(type)).get(0);
        return first;
    }
}
