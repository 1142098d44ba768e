package io.kumo.tools.bench.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Keys of one length: a prefix, padding, and the key's number in {@value #DIGITS} digits. Written
 * and read without objects. Immutable.
 */
public final class KeySpace {

  static final int DIGITS = 10;
  public static final int MAX_KEY_BYTES = 250;

  private final byte[] head;
  private final byte[] counterHead;

  /**
   * @param keyBytes of every key; more when the prefix needs it
   */
  public KeySpace(String prefix, int keyBytes) {
    byte[] text = prefix.getBytes(StandardCharsets.UTF_8);
    int length = Math.max(text.length + 1, keyBytes - DIGITS);
    if (length + DIGITS > MAX_KEY_BYTES) {
      throw new IllegalArgumentException("a key has at most " + MAX_KEY_BYTES + " bytes");
    }
    this.head = padded(text, length, 'k');
    this.counterHead = padded(text, length, 'c');
  }

  private static byte[] padded(byte[] text, int length, char padding) {
    byte[] head = new byte[length];
    for (int i = 0; i < length; i++) {
      head[i] = i < text.length ? text[i] : (byte) padding;
    }
    return head;
  }

  public int keyBytes() {
    return head.length + DIGITS;
  }

  /** Appends the key with this number, of the values or of the counters. */
  public void write(ByteBuffer out, long index, boolean counter) {
    out.put(counter ? counterHead : head);
    int end = out.position() + DIGITS;
    long rest = index;
    for (int i = end - 1; i >= end - DIGITS; i--) {
      out.put(i, (byte) ('0' + rest % 10));
      rest /= 10;
    }
    out.position(end);
  }

  /** The number of the value key at {@code position}, or -1 when those bytes are no key of ours. */
  public long read(ByteBuffer in, int position, int length) {
    if (length != keyBytes()) {
      return -1;
    }
    for (int i = 0; i < head.length; i++) {
      if (in.get(position + i) != head[i]) {
        return -1;
      }
    }
    long index = 0;
    for (int i = position + head.length; i < position + length; i++) {
      int digit = in.get(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      index = index * 10 + digit;
    }
    return index;
  }
}
