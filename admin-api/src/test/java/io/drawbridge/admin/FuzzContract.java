package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.RawConnection.Answer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** What every answer has to be like. */
final class FuzzContract {
    private static final List<Integer> STATUSES =
            List.of(200, 201, 202, 204, 400, 401, 404, 405, 409, 412, 413, 414, 415, 431);

    /** @param parts what else there is beside {@code message}; null: nothing */
    private record Code(int status, String name, String parts) {}

    private static final Map<Integer, Code> CODES = Map.ofEntries(
            Map.entry(1, new Code(400, "invalid primary key", "fields")),
            Map.entry(2, new Code(400, "schema violation", "fields")),
            Map.entry(3, new Code(400, "primary key violation", "fields")),
            Map.entry(4, new Code(400, "foreign key violation", "fields")),
            Map.entry(5, new Code(409, "unique constraint violation", "fields")),
            Map.entry(7, new Code(400, "invalid offset", null)),
            Map.entry(9, new Code(400, "invalid size", null)),
            Map.entry(10, new Code(400, "invalid unique ", null)),
            Map.entry(11, new Code(400, "invalid options", "options")),
            Map.entry(12, new Code(405, "operation unsupported", null)),
            Map.entry(13, new Code(400, "foreign keys unresolved", "fields")),
            Map.entry(14, new Code(400, "invalid declarative configuration", "fields")));

    private FuzzContract() {}

    static void check(FuzzRequests.Made made, Answer answer) {
        assertThat(answer.status()).as(answer.text()).isIn(STATUSES);
        assertThat(answer.headers()).containsKeys("server", "x-gateway-release", "access-control-allow-origin");
        if (answer.status() == 204 || answer.status() == 415) {
            assertThat(answer.text()).isEmpty();
        } else {
            assertThat(answer.headers()).containsKey("content-length");
        }
        assertThat(answer.headers().containsKey("allow"))
                .isEqualTo(answer.status() == 405 || made.method().equals("OPTIONS"));
        if (answer.status() >= 400 && answer.status() != 415 && !made.method().equals("HEAD")) {
            assertThat(answer.headers()).containsEntry("content-type", "application/json; charset=utf-8");
            error(answer.status(), new JsonObject(answer.text()));
        }
    }

    private static void error(int status, JsonObject body) {
        assertThat(body.getString("message")).as(body.encode()).isNotBlank();
        Integer number = body.getInteger("code");
        if (number == null) {
            assertThat(body.containsKey("fields")).as(body.encode()).isFalse();
            return;
        }
        Code code = CODES.get(number);
        assertThat(code).as(body.encode()).isNotNull();
        assertThat(body.getString("name")).startsWith(code.name());
        assertThat(status).as(body.encode()).isEqualTo(code.status());
        assertThat(body.containsKey("fields")).as(body.encode()).isEqualTo("fields".equals(code.parts()));
        assertThat(body.containsKey("options")).as(body.encode()).isEqualTo("options".equals(code.parts()));
    }
}
