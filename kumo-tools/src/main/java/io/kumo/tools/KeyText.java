package io.kumo.tools;

import io.kumo.core.cli.CliException;
import io.kumo.core.item.RawKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Keys on the command line: UTF-8, and {@code \xHH} for a byte that cannot be typed. */
public final class KeyText {
  private static final int ESCAPE_LENGTH = 4;
  private static final int HEX = 16;

  private KeyText() {}

  /**
   * The raw key, on the heap, not to be released; throws {@link CliException} for an escape that is
   * none.
   */
  public static ByteBuf rawKey(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int at = 0;
    while (at < text.length()) {
      if (text.charAt(at) == '\\') {
        bytes.write(escaped(text, at));
        at += ESCAPE_LENGTH;
      } else {
        int next = text.offsetByCodePoints(at, 1);
        bytes.writeBytes(text.substring(at, next).getBytes(StandardCharsets.UTF_8));
        at = next;
      }
    }
    if (bytes.size() == 0) {
      throw CliException.usage("the key is empty");
    }
    ByteBuf rawKey =
        RawKey.encode(
            UnpooledByteBufAllocator.DEFAULT, Unpooled.wrappedBuffer(bytes.toByteArray()));
    try {
      return Unpooled.wrappedBuffer(ByteBufUtil.getBytes(rawKey));
    } finally {
      rawKey.release();
    }
  }

  private static int escaped(String text, int at) {
    int end = at + ESCAPE_LENGTH;
    boolean right = end <= text.length() && text.charAt(at + 1) == 'x';
    int high = right ? Character.digit(text.charAt(at + 2), HEX) : -1;
    int low = right ? Character.digit(text.charAt(at + 3), HEX) : -1;
    if (high < 0 || low < 0) {
      throw CliException.usage("a backslash begins \\xHH, a byte in hex: " + text);
    }
    return high * HEX + low;
  }

  /** The other way round. */
  public static String of(ByteBuf rawKey) {
    ByteBuf key = RawKey.userKey(rawKey);
    StringBuilder text = new StringBuilder();
    for (int i = key.readerIndex(); i < key.writerIndex(); i++) {
      int b = key.getUnsignedByte(i);
      if (b > ' ' && b < 127 && b != '\\') {
        text.append((char) b);
      } else {
        text.append("\\x").append(Character.forDigit(b >> 4, HEX));
        text.append(Character.forDigit(b & 15, HEX));
      }
    }
    return text.toString();
  }
}
