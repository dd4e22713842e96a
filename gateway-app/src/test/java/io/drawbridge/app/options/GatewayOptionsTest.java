package io.drawbridge.app.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.migration.Release;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayOptionsTest {
    @TempDir
    private Path folder;

    @Test
    void read_nothingGiven_isTheEmbeddedDatabaseAtTheNewestRelease() throws Exception {
        GatewayOptions options = read(Map.of(), "");

        assertThat(options.database().embedded()).isTrue();
        assertThat(options.release()).isEqualTo(Release.of(2, 5));
        assertThat(options.startMode()).isEqualTo(GatewayOptions.StartMode.AUTO);
        assertThat(options.adminListen()).containsExactly(new ListenAddress("127.0.0.1", 8001, false, false));
        assertThat(options.leaseTtl()).isEqualTo(Duration.ofSeconds(15));
        assertThat(options.prefix().getFileName()).hasToString(".drawbridge");
    }

    @Test
    void read_givenSeveralTimes_environmentOfOursWins() throws Exception {
        String file = "pg_host = file\npg_port = 1\npg_user = file\npg_database = file # really\n";
        GatewayOptions options = GatewayOptions.read(
                Map.of("pg_host", "line"),
                Map.of(
                        "DRAWBRIDGE_PG_HOST",
                        "ours",
                        "KONG_PG_HOST",
                        "kong",
                        "DRAWBRIDGE_PG_PORT",
                        "2",
                        "KONG_PG_PORT",
                        "3",
                        "KONG_PG_USER",
                        "kong"),
                write(file));

        assertThat(options.database().host()).isEqualTo("line");
        assertThat(options.database().port()).isEqualTo(2);
        assertThat(options.database().user()).isEqualTo("kong");
        assertThat(options.database().name()).isEqualTo("file");
        assertThat(options.database().embedded()).isFalse();
    }

    @Test
    void read_unknownKey_namesFileLineAndTheNearestKey() throws Exception {
        Path file = write("\n# comment\npg_hots = x\n");

        assertThatThrownBy(() -> GatewayOptions.read(Map.of(), Map.of(), file))
                .isInstanceOf(OptionsException.class)
                .hasMessage("pg_hots (" + file + " line 3): unknown key; did you mean 'pg_host'?");
    }

    @Test
    void read_badValues_namesAllOfThemAndWhatIsAllowed() throws Exception {
        Path file = write("pg_port = 70000\ndatabase = oracle\nlease_ttl = soon\n");

        assertThatThrownBy(() -> GatewayOptions.read(Map.of(), Map.of("DRAWBRIDGE_GATEWAY_RELEASE", "2.6"), file))
                .hasMessageContaining(
                        "pg_port (" + file + " line 1): bad value '70000'; allowed: a whole number from 1 to 65535")
                .hasMessageContaining("database (" + file + " line 2): bad value 'oracle'; allowed: embedded, postgres")
                .hasMessageContaining("lease_ttl (" + file + " line 3)")
                .hasMessageContaining(
                        "gateway_release (environment DRAWBRIDGE_GATEWAY_RELEASE): bad value '2.6'; allowed: 1.3, 1.5, 2.1, 2.2, 2.3, 2.4, 2.5");
    }

    @Test
    void read_valuesThatCannotBeUsed_areRefusedHere() throws Exception {
        for (String line : List.of(
                "plugins = bundled,a b",
                "drain_timeout = 0",
                "pg_timeout = 2h",
                "lease_ttl = 2h",
                "lua_ssl_trusted_certificate = system,/nowhere/ca.pem")) {
            assertThatThrownBy(() -> read(Map.of(), line + "\n"))
                    .as(line)
                    .isInstanceOf(OptionsException.class)
                    .hasMessageContaining("bad value '" + line.substring(line.indexOf('=') + 2) + "'");
        }
        assertThat(read(Map.of(), "plugins = bundled, a, my-plugin\n").plugins())
                .containsExactly("a", "my-plugin");
    }

    @Test
    void read_aFolder_saysThatItIsOne() {
        assertThatThrownBy(() -> GatewayOptions.read(Map.of(), Map.of(), folder))
                .hasMessage(folder + " is a directory, not a file");
    }

    @Test
    void read_sameKeyTwice_isRefused() throws Exception {
        Path file = write("pg_host = a\npg_host = b\n");

        assertThatThrownBy(() -> GatewayOptions.read(Map.of(), Map.of(), file))
                .hasMessageContaining("given before, in line 1");
    }

    @Test
    void read_keysOfKongThatAreNotUsed_areNoted() throws Exception {
        GatewayOptions options = GatewayOptions.read(
                Map.of(),
                Map.of("KONG_STREAM_LISTEN", "0.0.0.0:9000", "KONG_SOMETHING", "x", "KONG_NGINX_WORKER_PROCESSES", "1"),
                write("nginx_user = kong\n"));

        assertThat(options.notes())
                .hasSize(4)
                .anyMatch(note -> note.startsWith("stream_listen (environment KONG_STREAM_LISTEN)"));
    }

    @Test
    void read_unknownKeyOfOursInTheEnvironment_isRefused() {
        assertThatThrownBy(() -> GatewayOptions.read(Map.of(), Map.of("DRAWBRIDGE_LEASE_TLL", "1s"), write("")))
                .hasMessageContaining("did you mean 'lease_ttl'?");
    }

    @Test
    void read_listenAddressOfKong_keepsWhatHasAMeaning() throws Exception {
        GatewayOptions options =
                read(Map.of("KONG_ADMIN_LISTEN", "0.0.0.0:8001 reuseport backlog=16384, [::1]:8444 http2 ssl"), "");

        assertThat(options.adminListen())
                .containsExactly(
                        new ListenAddress("0.0.0.0", 8001, false, false), new ListenAddress("::1", 8444, true, true));
        assertThat(options.adminListen().get(0).url()).isEqualTo("http://127.0.0.1:8001");
        assertThat(options.adminListen().get(1).url()).isEqualTo("https://[::1]:8444");
        assertThat(options.adminListen().get(1).described())
                .containsEntry("ip", "::1")
                .containsEntry("port", 8444)
                .containsEntry("ssl", true)
                .containsEntry("http2", true)
                .containsEntry("listener", "[::1]:8444 http2 ssl");
        assertThat(options.notes()).anyMatch(note -> note.contains("admin_token_file"));
    }

    @Test
    void read_certificateWithoutItsKey_isRefused() {
        assertThatThrownBy(() -> read(Map.of(), "admin_ssl_cert = /etc/hosts"))
                .hasMessageContaining("admin_ssl_cert_key: one is given without the other");
    }

    @Test
    void read_databaseNotGivenButItsPlaceIs_isPostgres() throws Exception {
        assertThat(read(Map.of("KONG_PG_HOST", "db"), "").database().embedded()).isFalse();
        assertThat(read(Map.of("KONG_PG_HOST", "db"), "database = embedded")
                        .database()
                        .embedded())
                .isTrue();
    }

    @Test
    void secrets_areNeverShown() throws Exception {
        GatewayOptions options = read(Map.of("KONG_PG_PASSWORD", "hush"), "");

        assertThat(options.database().password()).isEqualTo("hush");
        assertThat(options.toString()).doesNotContain("hush");
        assertThat(OptionList.find("pg_password").orElseThrow().shown("hush")).isEqualTo("******");
    }

    @Test
    void read_aDataPlane_hasNoDatabaseNorAdminApi_unlessItIsGiven() throws Exception {
        Map<String, String> plain = Map.of(
                "KONG_ROLE", "data_plane",
                "KONG_CLUSTER_CONTROL_PLANE", "cp-1:8005, cp-2:8005",
                "KONG_CLUSTER_CERT", pem("cluster.crt"),
                "KONG_CLUSTER_CERT_KEY", pem("cluster.key"),
                "DRAWBRIDGE_CLUSTER_CERT_ALSO", pem("next.crt"));
        GatewayOptions options = read(plain, "");

        assertThat(options.role()).isEqualTo("data_plane");
        assertThat(options.database().off()).isTrue();
        assertThat(options.adminListen()).isEmpty();
        assertThat(options.uplink().orElseThrow().controlPlanes()).containsExactly("cp-1:8005", "cp-2:8005");
        assertThat(options.uplink().orElseThrow().also()).hasSize(1);
        assertThat(options.traffic().listen()).extracting(ListenAddress::port).containsExactly(8000, 8443);
        assertThat(read(plain, "admin_listen = 127.0.0.1:8001").adminListen()).hasSize(1);
    }

    @Test
    void read_aDataPlaneThatCannotBe_namesAllReasons() {
        assertThatThrownBy(() -> read(
                        Map.of("KONG_ROLE", "data_plane", "KONG_PROXY_LISTEN", "off", "KONG_DATABASE", "postgres"), ""))
                .hasMessageContaining("only in-memory storage can be used when role = \"data_plane\"")
                .hasMessageContaining("proxy_listen must be specified when role = \"data_plane\"")
                .hasMessageContaining("cluster certificate and key must be provided to use Hybrid mode")
                .hasMessageContaining("cluster_control_plane must be specified");
    }

    @Test
    void read_aControlPlane_proxiesNothing() throws Exception {
        GatewayOptions options = read(
                Map.of(
                        "KONG_ROLE", "control_plane",
                        "KONG_CLUSTER_CERT", pem("cluster.crt"),
                        "KONG_CLUSTER_CERT_KEY", pem("cluster.key")),
                "");

        assertThat(options.traffic().listen()).isEmpty();
    }

    private String pem(String name) throws Exception {
        return Files.writeString(folder.resolve(name), "PEM").toString();
    }

    @Test
    void exampleFile_isTheOneInTheRepository_andValid() throws Exception {
        Path example = Path.of(System.getProperty("drawbridge.root", ".."), "drawbridge.conf.default");

        assertThat(example).hasContent(ExampleFile.text());
        String uncommented = ExampleFile.text()
                .lines()
                .filter(line -> line.matches("#[a-z_]+ =.*"))
                .map(line -> line.substring(1))
                .reduce("", (all, line) -> all + line + "\n");
        assertThat(uncommented.lines().count()).isEqualTo(OptionList.all().size());
        String embedded = uncommented.replace("\ndatabase =\n", "\ndatabase = embedded\n");
        GatewayOptions asExample = read(Map.of(), embedded);
        assertThat(asExample).isEqualTo(read(Map.of(), "database = embedded"));
    }

    @Test
    void everyKey_hasAValidDefault() {
        for (Option option : OptionList.all()) {
            if (!option.fallback().isEmpty()) {
                assertThat(option.kind().parser().parse(option.fallback()))
                        .as(option.key())
                        .isNotNull();
            }
        }
        assertThat(OptionList.all().stream().map(Option::key).distinct().toList())
                .hasSize(OptionList.all().size());
    }

    @Test
    void read_aFileThatIsNotText_saysSo() throws Exception {
        Path file = folder.resolve("drawbridge.conf");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertThatThrownBy(() -> GatewayOptions.read(Map.of(), Map.of(), file))
                .isInstanceOf(OptionsException.class)
                .hasMessage("cannot read " + file + ": it is not UTF-8 text");
    }

    private GatewayOptions read(Map<String, String> environment, String file) throws Exception {
        return GatewayOptions.read(Map.of(), environment, write(file));
    }

    private Path write(String text) throws java.io.IOException {
        Path file = folder.resolve("drawbridge.conf");
        Files.write(file, List.of(text));
        return file;
    }

    @Test
    void read_databaseOff_andWhatGoesWithIt() throws Exception {
        GatewayOptions options = read(
                Map.of("KONG_DATABASE", "off", "KONG_DECLARATIVE_CONFIG", "/etc/kong.yml", "KONG_MEM_CACHE_SIZE", "2m"),
                "pg_host = db\nmigrations = auto\n");
        assertThat(options.database().off()).isTrue();
        assertThat(options.database()).hasToString("off");
        assertThat(options.declarative())
                .isEqualTo(new DeclarativeOptions(Optional.of(Path.of("/etc/kong.yml")), 2 * 1024 * 1024));
        assertThat(options.notes()).anyMatch(note -> note.startsWith("pg_host ("));

        assertThatThrownBy(() -> read(Map.of(), "database = off\nmigrations = wait\nauto_finish = uniform\n"))
                .hasMessageContaining("migrations (")
                .hasMessageContaining("auto_finish (")
                .hasMessageContaining("has no meaning for a node without a database");
        assertThatThrownBy(() -> read(Map.of(), "declarative_config = kong.yml\n"))
                .hasMessageContaining("set database = off");
        assertThatThrownBy(() -> read(Map.of(), "mem_cache_size = 10\n")).hasMessageContaining("a size such as");
        assertThat(read(Map.of(), "mem_cache_size = 4g\n").declarative().bytesMax())
                .isEqualTo(64 * 1024 * 1024);
    }
}
