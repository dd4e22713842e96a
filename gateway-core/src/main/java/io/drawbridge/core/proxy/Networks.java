package io.drawbridge.core.proxy;

import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;

/** A set of addresses and networks. Immutable. */
final class Networks {
    private record Network(byte[] address, int bits) {
        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int i = 0; i < bits; i += 8) {
                int mask = bits - i >= 8 ? 0xff : 0xff << (8 - (bits - i)) & 0xff;
                if ((address[i / 8] & mask) != (other[i / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Network> all;

    private Networks(List<Network> all) {
        this.all = List.copyOf(all);
    }

    /** @throws IllegalArgumentException if one is neither address nor network */
    static Networks of(List<String> texts) {
        List<Network> all = new ArrayList<>();
        for (String text : texts) {
            int slash = text.indexOf('/');
            byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
            int most = address == null ? 0 : address.length * 8;
            String bits = slash < 0 ? String.valueOf(most) : text.substring(slash + 1);
            if (address == null || !bits.matches("\\d{1,3}") || Integer.parseInt(bits) > most) {
                throw new IllegalArgumentException("'" + text + "' is no address and no network");
            }
            all.add(new Network(address, Integer.parseInt(bits)));
        }
        return new Networks(all);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** False for what is no address. */
    boolean contains(String text) {
        byte[] address = all.isEmpty() ? null : bytes(text);
        if (address == null) {
            return false;
        }
        for (Network network : all) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    static boolean isAddress(String text) {
        return bytes(text) != null;
    }

    private static byte[] bytes(String text) {
        return NetUtil.createByteArrayFromIpAddressString(text);
    }
}
