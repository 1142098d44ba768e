package io.kumo.core.item;

import io.netty.buffer.ByteBuf;

/** Numbers as memcached stores them: decimal, unsigned, 64 bits. */
final class Decimal {
  static final int MAX_BYTES = 20;
  private static final int RADIX = 10;

  private Decimal() {}

  /**
   * Whether the bytes are a number of 64 bits; blanks behind it are allowed, with which memcached
   * pads a number that became shorter.
   */
  static boolean isNumber(ByteBuf bytes) {
    int digits = digits(bytes);
    if (digits == 0 || digits > MAX_BYTES) {
      return false;
    }
    for (int i = digits; i < bytes.readableBytes(); i++) {
      if (bytes.getByte(bytes.readerIndex() + i) != ' ') {
        return false;
      }
    }
    return digits < MAX_BYTES || !overflows(bytes);
  }

  /** The number, unsigned; only of bytes that {@link #isNumber}. */
  static long parse(ByteBuf bytes) {
    long value = 0;
    int digits = digits(bytes);
    for (int i = 0; i < digits; i++) {
      value = value * RADIX + digit(bytes, i);
    }
    return value;
  }

  private static boolean overflows(ByteBuf bytes) {
    long most = 0;
    for (int i = 0; i < MAX_BYTES - 1; i++) {
      most = most * RADIX + digit(bytes, i);
    }
    int last = digit(bytes, MAX_BYTES - 1);
    long limit = Long.divideUnsigned(-1, RADIX);
    int lastAtLimit = (int) Long.remainderUnsigned(-1, RADIX);
    int order = Long.compareUnsigned(most, limit);
    return order > 0 || (order == 0 && last > lastAtLimit);
  }

  private static int digits(ByteBuf bytes) {
    int count = 0;
    while (count < bytes.readableBytes() && isDigit(digit(bytes, count))) {
      count++;
    }
    return count;
  }

  private static boolean isDigit(int digit) {
    return digit >= 0 && digit < RADIX;
  }

  private static int digit(ByteBuf bytes, int index) {
    return bytes.getByte(bytes.readerIndex() + index) - '0';
  }
}
