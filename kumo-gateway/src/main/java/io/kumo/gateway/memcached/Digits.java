package io.kumo.gateway.memcached;

import io.netty.buffer.ByteBuf;

/** Decimal numbers in replies, without a String on the way. */
public final class Digits {
  private static final int MAX_DIGITS = 20;

  private Digits() {}

  /** Appends an unsigned number. */
  public static void write(ByteBuf out, long unsigned) {
    if (unsigned >= 0 && unsigned < 10) {
      out.writeByte((byte) ('0' + unsigned));
      return;
    }
    int length = length(unsigned);
    out.ensureWritable(MAX_DIGITS);
    int start = out.writerIndex();
    long rest = unsigned;
    for (int at = start + length - 1; at >= start; at--) {
      long quotient = rest >= 0 ? rest / 10 : Long.divideUnsigned(rest, 10);
      out.setByte(at, (byte) ('0' + (rest - quotient * 10)));
      rest = quotient;
    }
    out.writerIndex(start + length);
  }

  /** How many digits an unsigned number has. */
  public static int length(long unsigned) {
    if (unsigned < 0) {
      return Long.compareUnsigned(unsigned, -8446744073709551616L) >= 0 ? MAX_DIGITS : 19;
    }
    int digits = 1;
    long limit = 10;
    while (digits < 19 && unsigned >= limit) {
      digits++;
      limit *= 10;
    }
    return digits;
  }
}
