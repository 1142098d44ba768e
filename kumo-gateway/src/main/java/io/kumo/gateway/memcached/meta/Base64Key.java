package io.kumo.gateway.memcached.meta;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** Binary keys in meta commands: base64 with padding, as memcached reads and writes it. */
final class Base64Key {
  private static final byte[] ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(US_ASCII);
  private static final byte[] VALUES = values();
  private static final int MAX_KEY_BYTES = 256;

  private final byte[] bytes = new byte[MAX_KEY_BYTES];

  private static byte[] values() {
    byte[] values = new byte[256];
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < ALPHABET.length; i++) {
      values[ALPHABET[i]] = (byte) i;
    }
    return values;
  }

  /** Holds the key decoded last. */
  byte[] bytes() {
    return bytes;
  }

  /** Decodes at most 250 characters; returns the length of the key, or -1 when it is no base64. */
  int decode(byte[] source, int start, int length) {
    int padding = 0;
    while (padding < 2 && padding < length && source[start + length - 1 - padding] == '=') {
      padding++;
    }
    if (length % 4 != 0) {
      return -1;
    }
    int end = start + length - padding;
    int bits = 0;
    int held = 0;
    int written = 0;
    for (int at = start; at < end; at++) {
      int value = VALUES[source[at] & 0xFF];
      if (value < 0) {
        return -1;
      }
      held = held << 6 | value;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes[written++] = (byte) (held >>> bits);
      }
    }
    return written;
  }

  /** Appends a key in base64. */
  static void encode(byte[] key, int start, int length, ByteBuf out) {
    int end = start + length;
    for (int at = start; at < end; at += 3) {
      int available = Math.min(3, end - at);
      int group =
          (key[at] & 0xFF) << 16
              | (available > 1 ? (key[at + 1] & 0xFF) << 8 : 0)
              | (available > 2 ? key[at + 2] & 0xFF : 0);
      out.writeByte(ALPHABET[group >>> 18]);
      out.writeByte(ALPHABET[group >>> 12 & 63]);
      out.writeByte(available > 1 ? ALPHABET[group >>> 6 & 63] : '=');
      out.writeByte(available > 2 ? ALPHABET[group & 63] : '=');
    }
  }
}
