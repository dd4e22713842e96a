package io.drawbridge.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ContentTest {
    @Test
    void after_aWholeOneThatDiffersInOneEntity_keepsTheOthersAsObjects() {
        ConfigSnapshot before = Configs.of(3);
        ConfigSnapshot after = Configs.changed(before, 0, "other.example.com");
        Content content = Content.nothing().after(whole(before)).orElseThrow();

        Content next = content.after(whole(after)).orElseThrow();

        assertThat(next.snapshot().digest()).isEqualTo(after.digest());
        List<UUID> read = new ArrayList<>();
        for (String type : after.types()) {
            for (Entity entity : next.snapshot().all(type)) {
                Optional<Entity> same = content.snapshot().find(type, entity.id());
                if (same.isEmpty() || same.get() != entity) {
                    read.add(entity.id());
                }
            }
        }
        assertThat(read).hasSize(1);
    }

    /** As it arrives: all of it new objects. */
    private static Update whole(ConfigSnapshot snapshot) {
        List<Entity> entities = new ArrayList<>();
        snapshot.types()
                .forEach(type ->
                        snapshot.all(type).forEach(each -> entities.add(new Entity(each.type(), each.values()))));
        return new Update.Full(snapshot.digest(), Optional.empty(), entities);
    }
}
