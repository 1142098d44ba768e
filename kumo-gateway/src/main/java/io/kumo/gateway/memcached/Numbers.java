package io.kumo.gateway.memcached;

/**
 * Reads decimal numbers as memcached does with {@code strtoull}: blanks of any kind in front, a
 * sign, digits with any number of zeros before them; a blank may follow, and what comes behind it
 * does not count. Check {@link #isValid} after each reading. Reused; confined to its event loop.
 */
public final class Numbers {
  private boolean valid;

  /** Whether the last number read was one. */
  public boolean isValid() {
    return valid;
  }

  /**
   * An unsigned 64-bit number; 0 when invalid. One below 0 is valid as far as strtoull wraps it.
   */
  public long unsigned64(byte[] source, int start, int end) {
    int at = firstDigit(source, start, end);
    boolean negative = isNegative(source, start, at);
    long magnitude = magnitude(source, at, end);
    long value = negative ? -magnitude : magnitude;
    valid &= !negative || value >= 0;
    return valid ? value : 0;
  }

  /** An unsigned 32-bit number; 0 when invalid. */
  public int unsigned32(byte[] source, int start, int end) {
    long value = unsigned64(source, start, end);
    valid &= value >>> 32 == 0;
    return valid ? (int) value : 0;
  }

  /** A signed 64-bit number; 0 when invalid. */
  public long signed64(byte[] source, int start, int end) {
    int at = firstDigit(source, start, end);
    boolean negative = isNegative(source, start, at);
    long magnitude = magnitude(source, at, end);
    valid &= magnitude >= 0;
    return !valid ? 0 : negative ? -magnitude : magnitude;
  }

  private static int firstDigit(byte[] source, int start, int end) {
    int at = start;
    while (at < end && isBlank(source[at])) {
      at++;
    }
    return at < end && (source[at] == '+' || source[at] == '-') ? at + 1 : at;
  }

  private static boolean isNegative(byte[] source, int start, int firstDigit) {
    return firstDigit > start && source[firstDigit - 1] == '-';
  }

  private long magnitude(byte[] source, int firstDigit, int end) {
    long value = 0;
    int at = firstDigit;
    valid = true;
    while (valid && at < end && source[at] >= '0' && source[at] <= '9') {
      int digit = source[at] - '0';
      valid = !overflows(value, digit);
      value = value * 10 + digit;
      at++;
    }
    valid &= at > firstDigit && (at == end || isBlank(source[at]));
    return value;
  }

  private static boolean overflows(long value, int digit) {
    if (value >= 0 && value < Long.MAX_VALUE / 10) {
      return false;
    }
    long maxBefore = Long.divideUnsigned(-1L - digit, 10);
    return Long.compareUnsigned(value, maxBefore) > 0;
  }

  /** What {@code isspace} says. */
  private static boolean isBlank(byte character) {
    return character == ' ' || (character >= '\t' && character <= '\r');
  }
}
