package io.kumo.server.watch;

import io.netty.buffer.ByteBuf;

/** The start of a user key as operators read it. Stateless; any thread. */
final class KeyText {
  private static final int MAX_BYTES = 200;

  /** Bytes of a raw key from which its text can be told. */
  static final int ENOUGH_BYTES = Long.BYTES + MAX_BYTES + 1;

  private KeyText() {}

  /** What cannot be printed as {@code \xHH}; borrows the raw key. */
  static String of(ByteBuf rawKey) {
    int from = rawKey.readerIndex() + Long.BYTES;
    int length = Math.min(MAX_BYTES, rawKey.writerIndex() - from);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int b = rawKey.getUnsignedByte(from + i);
      if (b > ' ' && b < 127 && b != '\\') {
        text.append((char) b);
      } else {
        text.append("\\x").append(Character.forDigit(b >> 4, 16));
        text.append(Character.forDigit(b & 15, 16));
      }
    }
    return length < rawKey.writerIndex() - from ? text.append("...").toString() : text.toString();
  }
}
