package io.drawbridge.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.MultiMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworksTest {
    @Test
    void contains_addressesAndNetworks() {
        Networks networks = Networks.of(List.of("10.0.0.0/9", "192.0.2.7", "fd00::/8", "0.0.0.0/0"));
        assertThat(networks.contains("8.8.8.8")).isTrue();
        networks = Networks.of(List.of("10.0.0.0/9", "192.0.2.7", "fd00::/8"));
        assertThat(networks.contains("10.127.255.255")).isTrue();
        assertThat(networks.contains("10.128.0.0")).isFalse();
        assertThat(networks.contains("192.0.2.7")).isTrue();
        assertThat(networks.contains("192.0.2.8")).isFalse();
        assertThat(networks.contains("fd12::1")).isTrue();
        assertThat(networks.contains("fe80::1")).isFalse();
        assertThat(networks.contains("shop")).isFalse();
    }

    @Test
    void of_neitherAddressNorNetwork_isRefused() {
        for (String bad : List.of("shop", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "/8", "")) {
            assertThatThrownBy(() -> Networks.of(List.of(bad))).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void client_behindTrusted_isWhoTheyName() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("X-Real-IP", "1.2.3.4")
                .add("X-Forwarded-For", "6.6.6.6, 5.5.5.5")
                .add("X-Forwarded-For", "10.0.0.9");
        List<String> trusted = List.of("10.0.0.0/8");
        assertThat(new Front(TrustedProxies.of(trusted)).client(true, "10.0.0.1", headers))
                .isEqualTo("1.2.3.4");
        assertThat(new Front(TrustedProxies.of(trusted)).client(false, "9.9.9.9", headers))
                .isEqualTo("9.9.9.9");
        assertThat(new Front(new TrustedProxies(trusted, "X-Forwarded-For", false)).client(true, "10.0.0.1", headers))
                .isEqualTo("10.0.0.9");
        assertThat(new Front(new TrustedProxies(trusted, "X-Forwarded-For", true)).client(true, "10.0.0.1", headers))
                .isEqualTo("5.5.5.5");
        headers.set("X-Forwarded-For", "no address");
        assertThat(new Front(new TrustedProxies(trusted, "X-Forwarded-For", true)).client(true, "10.0.0.1", headers))
                .isEqualTo("10.0.0.1");
    }
}
