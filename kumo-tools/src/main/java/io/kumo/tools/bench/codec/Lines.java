package io.kumo.tools.bench.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Scans lines in a buffer by absolute positions, without objects. */
public final class Lines {

  private static final byte[] ERROR = ascii("ERROR");
  private static final byte[] CLIENT_ERROR = ascii("CLIENT_ERROR");
  private static final byte[] SERVER_ERROR = ascii("SERVER_ERROR");

  private Lines() {}

  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The position of the next CR LF at or behind {@code from}, or -1. */
  public static int end(ByteBuffer in, int from) {
    int last = in.limit() - 1;
    for (int i = from; i < last; i++) {
      if (in.get(i) == '\r' && in.get(i + 1) == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** The position of the next blank in the range, or {@code to}. */
  public static int blank(ByteBuffer in, int from, int to) {
    int i = from;
    while (i < to && in.get(i) != ' ') {
      i++;
    }
    return i;
  }

  /** The number in the range, or -1 when it is none. */
  public static int number(ByteBuffer in, int from, int to) {
    if (from >= to || to - from > 9) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = in.get(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  static boolean startsWith(ByteBuffer in, int from, int to, byte[] text) {
    if (to - from < text.length) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (in.get(from + i) != text[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether the line is ERROR, CLIENT_ERROR or SERVER_ERROR. */
  static boolean isError(ByteBuffer in, int from, int to) {
    return startsWith(in, from, to, SERVER_ERROR)
        || startsWith(in, from, to, CLIENT_ERROR)
        || startsWith(in, from, to, ERROR);
  }

  /** Appends {@code number} in decimal. */
  public static void putNumber(ByteBuffer out, int number) {
    int divisor = 1;
    while (number / divisor >= 10) {
      divisor *= 10;
    }
    for (int d = divisor; d > 0; d /= 10) {
      out.put((byte) ('0' + number / d % 10));
    }
  }
}
