package io.kumo.core.item;

import io.netty.buffer.ByteBuf;

/**
 * Numbers in values, as memcached reads them with {@code strtoull}: blanks of any kind in front, a
 * sign, digits with any number of zeros before them; then the value ends, or a blank or a NUL
 * follows and whatever comes behind it does not count. Unsigned, 64 bits.
 */
final class Decimal {
  private static final int RADIX = 10;

  private Decimal() {}

  /** Whether the value begins with such a number. */
  static boolean isNumber(ByteBuf value) {
    int end = value.writerIndex();
    int first = firstDigit(value);
    int at = first;
    long number = 0;
    while (at < end && isDigit(value.getByte(at))) {
      int digit = value.getByte(at) - '0';
      if (overflows(number, digit)) {
        return false;
      }
      number = number * RADIX + digit;
      at++;
    }
    boolean ended = at == end || value.getByte(at) == 0 || isBlank(value.getByte(at));
    return at > first && ended && !(isNegative(value, first) && -number < 0);
  }

  /** The number, unsigned; only of values that {@link #isNumber}. */
  static long parse(ByteBuf value) {
    int first = firstDigit(value);
    long number = 0;
    for (int at = first; at < value.writerIndex() && isDigit(value.getByte(at)); at++) {
      number = number * RADIX + value.getByte(at) - '0';
    }
    return isNegative(value, first) ? -number : number;
  }

  private static int firstDigit(ByteBuf value) {
    int end = value.writerIndex();
    int at = value.readerIndex();
    while (at < end && isBlank(value.getByte(at))) {
      at++;
    }
    boolean sign = at < end && (value.getByte(at) == '+' || value.getByte(at) == '-');
    return sign ? at + 1 : at;
  }

  private static boolean isNegative(ByteBuf value, int firstDigit) {
    return firstDigit > value.readerIndex() && value.getByte(firstDigit - 1) == '-';
  }

  private static boolean overflows(long number, int digit) {
    long mostBefore = Long.divideUnsigned(-1L - digit, RADIX);
    return Long.compareUnsigned(number, mostBefore) > 0;
  }

  private static boolean isDigit(byte character) {
    return character >= '0' && character <= '9';
  }

  /** What {@code isspace} says. */
  private static boolean isBlank(byte character) {
    return character == ' ' || (character >= '\t' && character <= '\r');
  }
}
