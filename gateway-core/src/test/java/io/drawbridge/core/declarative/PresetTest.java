package io.drawbridge.core.declarative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.migration.Release;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PresetTest {
    private static final DeclarativeFile FILE =
            new DeclarativeFile(EntityTypes.at(Release.of(2, 5)), new Validator(InstantSource.system()));

    @Test
    void defaults_fillWhatEntriesLeaveOut_alsoInRecords() {
        Declaration read = read("""
                _info:
                  defaults:
                    service: {retries: 9, read_timeout: 777}
                    route: {preserve_host: true, protocols: [https]}
                    upstream: {slots: 50, healthchecks: {active: {timeout: 3, healthy: {interval: 4}}}}
                    target: {weight: 33}
                services:
                - {name: s, host: h, retries: 1, routes: [{name: r, paths: [/]}]}
                upstreams:
                - name: u
                  healthchecks: {active: {http_path: /x, healthy: {successes: 1}}}
                  targets: [{target: 'a:80'}]
                """);
        assertThat(one(read, "services").values()).containsEntry("retries", 1L).containsEntry("read_timeout", 777L);
        assertThat(one(read, "routes").values())
                .containsEntry("preserve_host", true)
                .containsEntry("protocols", List.of("https"));
        assertThat(one(read, "targets").get("weight")).isEqualTo(33L);
        Map<?, ?> checks = (Map<?, ?>) one(read, "upstreams").get("healthchecks");
        assertThat((Map<?, ?>) checks.get("active"))
                .extracting("http_path", "timeout", "concurrency")
                .containsExactly("/x", 3L, 10L);
        assertThat((Map<?, ?>) ((Map<?, ?>) checks.get("active")).get("healthy"))
                .extracting("interval", "successes")
                .containsExactly(4L, 1L);
    }

    @Test
    void selectTags_areEverybodysTags_andWhatTheDocumentStandsFor() {
        Declaration read = read("""
                _info: {select_tags: [team, prod]}
                consumers:
                - {username: bob, tags: [own, prod], keyauth_credentials: [{key: k}]}
                """);
        assertThat(read.tags()).containsExactly("team", "prod");
        assertThat(one(read, "consumers").get("tags")).isEqualTo(List.of("own", "prod", "team"));
        assertThat(one(read, "keyauth_credentials").get("tags")).isEqualTo(List.of("team", "prod"));
    }

    @Test
    void pluginConfigs_areShared_ownFieldsWin() {
        Declaration read = read("""
                _plugin_configs:
                  shared: {minute: 7, second: 1}
                plugins:
                - {name: rate-limiting, _config: shared, config: {minute: 8}}
                """);
        assertThat((Map<?, ?>) one(read, "plugins").get("config"))
                .extracting("minute", "second")
                .containsExactly(8L, 1L);
        assertThatThrownBy(() -> read("plugins: [{name: cors, _config: none}]"))
                .hasMessageContaining("_config")
                .hasMessageContaining("no such entry in '_plugin_configs'");
    }

    @Test
    void ofTheWrongKind_isSaid() {
        assertThatThrownBy(() -> read("_info: {select_tags: a, defaults: {service: 1}}\n_plugin_configs: []"))
                .hasMessageContaining("select_tags")
                .hasMessageContaining("service")
                .hasMessageContaining("_plugin_configs");
    }

    private static Declaration read(String text) {
        return FILE.read(Yaml.parse("_format_version: '1.1'\n" + text));
    }

    private static Entity one(Declaration read, String type) {
        List<Entity> entities = read.entities().stream()
                .map(Declaration.Declared::entity)
                .filter(entity -> entity.type().name().equals(type))
                .toList();
        assertThat(entities).hasSize(1);
        return entities.get(0);
    }
}
