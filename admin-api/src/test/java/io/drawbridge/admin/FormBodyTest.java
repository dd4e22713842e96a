package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.migration.Release;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FormBodyTest {
    private static final EntityType PLUGINS = EntityTypes.at(Release.of(2, 5)).get("plugins");

    @Test
    void typed_plugin_hasTheTypesOfItsConfiguration() {
        assertThat(FormBody.typed(
                        PLUGINS,
                        form(
                                "name=response-ratelimiting",
                                "config.limits.sms.minute=5",
                                "config.fault_tolerant=false",
                                "config.redis_host=",
                                "protocols=http")))
                .hasToString("{name=response-ratelimiting, config={limits={sms={minute=5}}, fault_tolerant=false,"
                        + " redis_host=null}, protocols=[http]}")
                .extracting("config.limits.sms.minute")
                .isEqualTo(5L);
    }

    @Test
    void typed_oldNameOfAList_isAList() {
        assertThat(FormBody.typed(PLUGINS, form("name=acl", "config.whitelist=a")))
                .isEqualTo(Map.of("name", "acl", "config", Map.of("whitelist", List.of("a"))));
    }

    @Test
    void typed_changeWithoutTheName_hasTheTypesOfThePluginBefore() {
        Entity before = new Validator(InstantSource.system())
                .create(PLUGINS, Map.of("name", "key-auth"))
                .entity();
        Map<String, Object> sent = FormBody.typed(
                PLUGINS, form("config.key_names=k", "config.key_in_body=true", "config.anonymous=", "tags="));
        assertThat(FormBody.typed(before, sent))
                .hasToString("{config={key_names=[k], key_in_body=true, anonymous=null}, tags=null}")
                .extracting("config.key_in_body")
                .isEqualTo(true);
    }

    private static Map<String, Object> form(String... arguments) {
        return FormBody.nested(Arrays.stream(arguments)
                .map(argument -> argument.split("=", 2))
                .map(parts -> new FormBody.Argument(parts[0], parts[1]))
                .toList());
    }
}
