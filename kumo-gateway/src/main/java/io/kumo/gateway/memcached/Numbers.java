package io.kumo.gateway.memcached;

/**
 * Reads decimal numbers as memcached does: blanks before and a plus sign are accepted, anything
 * after the digits is not. Check {@link #isValid} after each reading. Reused; confined to its event
 * loop.
 */
public final class Numbers {
  private boolean valid;

  /** Whether the last number read was one. */
  public boolean isValid() {
    return valid;
  }

  /** An unsigned 64-bit number; 0 when invalid. */
  public long unsigned64(byte[] source, int start, int end) {
    int at = start < end && source[start] == '+' ? start + 1 : start;
    valid = at < end && end - at <= 20;
    long value = 0;
    for (; valid && at < end; at++) {
      int digit = source[at] - '0';
      valid = digit >= 0 && digit <= 9 && !overflows(value, digit);
      value = value * 10 + digit;
    }
    return valid ? value : 0;
  }

  private static boolean overflows(long value, int digit) {
    if (value >= 0 && value < Long.MAX_VALUE / 10) {
      return false;
    }
    long maxBefore = Long.divideUnsigned(-1L - digit, 10);
    return Long.compareUnsigned(value, maxBefore) > 0;
  }

  /** An unsigned 32-bit number; 0 when invalid. */
  public int unsigned32(byte[] source, int start, int end) {
    long value = unsigned64(source, start, end);
    valid &= value >>> 32 == 0;
    return valid ? (int) value : 0;
  }

  /** A signed 64-bit number; 0 when invalid. */
  public long signed64(byte[] source, int start, int end) {
    boolean negative = start < end && source[start] == '-';
    long value = unsigned64(source, negative ? start + 1 : start, end);
    valid &= value >= 0;
    return negative ? -value : value;
  }
}
