package io.drawbridge.admin;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** URL encoding: {@code %XX} is a byte, {@code +} a space, the bytes are UTF-8. */
final class Percent {
    private Percent() {}

    /** Null if the bytes are no text: invalid UTF-8, or with a NUL. An escape that is none stands for itself. */
    static String decode(String raw) {
        byte[] source = raw.getBytes(StandardCharsets.UTF_8);
        byte[] target = new byte[source.length];
        int length = 0;
        for (int i = 0; i < source.length; i++) {
            byte each = source[i];
            if (each == '+') {
                each = ' ';
            } else if (each == '%' && i + 2 < source.length && hex(source[i + 1]) >= 0 && hex(source[i + 2]) >= 0) {
                each = (byte) (hex(source[i + 1]) * 16 + hex(source[i + 2]));
                i += 2;
            }
            target[length++] = each;
        }
        return text(ByteBuffer.wrap(target, 0, length));
    }

    /** Null if the bytes are no text. */
    static String text(ByteBuffer bytes) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            return text.indexOf('\0') < 0 ? text : null;
        } catch (CharacterCodingException invalid) {
            return null;
        }
    }

    /** A request line's text, where a character stands for a byte, with those escaped that are not ASCII. */
    static String ascii(String line) {
        StringBuilder ascii = new StringBuilder(line.length());
        line.chars().forEach(each -> {
            if (each < 0x80) {
                ascii.append((char) each);
            } else {
                ascii.append(String.format("%%%02X", each & 0xff));
            }
        });
        return ascii.toString();
    }

    static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = each >= 'a' && each <= 'z'
                    || each >= 'A' && each <= 'Z'
                    || each >= '0' && each <= '9'
                    || "-._~".indexOf(each) >= 0;
            if (plain) {
                encoded.append((char) each);
            } else {
                encoded.append(String.format("%%%02X", each & 0xff));
            }
        }
        return encoded.toString();
    }

    private static int hex(byte each) {
        return Character.digit(each, 16);
    }
}
