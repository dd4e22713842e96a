package io.drawbridge.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.migration.Release;
import io.drawbridge.sync.LastKnownGood.Generation;
import io.drawbridge.sync.LastKnownGood.Message;
import io.drawbridge.sync.LastKnownGood.Step;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastKnownGoodIT {
    private static final String AUDIENCE = "a".repeat(64);

    @TempDir
    private Path parent;

    private Path folder;

    @BeforeEach
    void noFolderYet() {
        folder = parent.resolve("kept");
    }

    @Test
    void killedAtAnyMomentOfASave_thereIsTheOldOrTheNew() throws IOException {
        for (int generations = 0; generations < 3; generations++) {
            for (int done = 0; done <= 6; done++) {
                folder = parent.resolve("kept" + generations + "-" + done);
                LastKnownGood file = begin();
                for (int before = 0; before < generations; before++) {
                    file.replace(message("old" + before));
                }
                List<Step> steps = file.replacing(message("new"));
                assertThat(steps).hasSize(6);
                for (Step step : steps.subList(0, done)) {
                    step.run();
                }
                String found = newest(begin()).orElse("nothing");
                String old = generations == 0 ? "nothing" : "old" + (generations - 1);
                assertThat(found)
                        .as(generations + " before, killed after step " + done)
                        .isEqualTo(done < 5 ? old : "new");

                LastKnownGood next = begin();
                newest(next);
                next.replace(message("newer"));
                assertThat(newest(begin())).contains("newer");
            }
        }
    }

    @Test
    void killedWhileAddingADifference_thereIsWhatWasBefore() throws IOException {
        LastKnownGood file = begin();
        file.replace(message("whole"));
        long sound = Files.size(file.files().get(0));
        file.append(message("difference"));
        byte[] all = Files.readAllBytes(file.files().get(0));
        for (int size = (int) sound + 1; size < all.length; size++) {
            Files.write(file.files().get(0), java.util.Arrays.copyOf(all, size));
            LastKnownGood next = begin();
            Generation found = next.read(next.files().get(0)).orElseThrow();
            assertThat(found.messages()).as("cut at " + size).hasSize(1);
            assertThat(found.damage()).isPresent();
            assertThat(next.continuable())
                    .as("nothing is added behind what is broken")
                    .isFalse();
        }
        Files.write(file.files().get(0), all);
        LastKnownGood next = begin();
        assertThat(next.read(next.files().get(0)).orElseThrow().messages()).hasSize(2);
        assertThat(next.continuable()).isTrue();
    }

    @Test
    void anyByteThatIsAnother_isNoticed() throws IOException {
        LastKnownGood file = begin();
        file.replace(message("a whole configuration"));
        Path path = file.files().get(0);
        byte[] all = Files.readAllBytes(path);
        for (int i = 0; i < all.length; i++) {
            byte[] damaged = all.clone();
            damaged[i] ^= 4;
            Files.write(path, damaged);
            assertThat(begin().read(path).orElseThrow().damage())
                    .as("byte " + i)
                    .isPresent();
        }
    }

    @Test
    void ofAnotherMajor_orSomethingElse_isNotRead() throws IOException {
        LastKnownGood file = begin();
        file.replace(message("whole"));
        LastKnownGood other = new LastKnownGood(folder, Release.of(3, 0), AUDIENCE, 1000);
        Generation found = other.read(other.files().get(0)).orElseThrow();
        assertThat(found.messages()).isEmpty();
        assertThat(found.damage()).contains("it is of release 2.5");
        Files.writeString(file.files().get(0), "services: []\n");
        assertThat(begin().read(file.files().get(0)).orElseThrow().damage()).isPresent();
        Files.write(file.files().get(0), new byte[100_000]);
        assertThat(begin().read(file.files().get(0)).orElseThrow().damage()).isPresent();
    }

    @Test
    void whatIsBroken_doesNotTakeThePlaceOfTheOneBefore() throws IOException {
        LastKnownGood file = begin();
        file.replace(message("one"));
        file.replace(message("two"));
        Files.writeString(file.files().get(0), "broken");
        LastKnownGood next = begin();
        assertThat(newest(next)).contains("one");
        next.replace(message("three"));
        assertThat(text(next, 0)).contains("three");
        assertThat(text(next, 1)).contains("one");
    }

    @Test
    void onlyTheOwnerReadsIt() throws IOException {
        LastKnownGood file = begin();
        file.replace(message("whole"));
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(file.files().get(0))))
                .isEqualTo("rw-------");
    }

    @Test
    void aFolderThatCannotBe_isAnError_andNothingElse() throws IOException {
        Files.writeString(folder, "a file");
        LastKnownGood file = begin();
        assertThat(newest(file)).isEmpty();
        assertThatThrownBy(() -> file.replace(message("whole"))).isInstanceOf(IOException.class);
    }

    private LastKnownGood begin() {
        return new LastKnownGood(folder, Configs.RELEASE, AUDIENCE, 1000);
    }

    private static Message message(String text) {
        return new Message(Buffer.buffer(text), 1_600_000_000);
    }

    /** What a start would begin with. */
    private static Optional<String> newest(LastKnownGood file) {
        Optional<String> first = text(file, 0);
        return first.isPresent() ? first : text(file, 1);
    }

    private static Optional<String> text(LastKnownGood file, int generation) {
        return file.read(file.files().get(generation))
                .map(Generation::messages)
                .filter(messages -> !messages.isEmpty())
                .map(messages -> messages.get(messages.size() - 1).data().toString());
    }
}
