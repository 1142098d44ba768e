package io.kumo.core.tokyo;

import java.nio.ByteBuffer;

/**
 * Tokyo Cabinet's numbers of variable width: groups of seven bits, the lowest first, all but the
 * last with all bits inverted.
 */
final class VarNumber {
  /** Bytes of the longest. */
  static final int MAX_BYTES = 5;

  private static final int GROUP_BITS = 7;
  private static final int GROUP_MASK = (1 << GROUP_BITS) - 1;

  private VarNumber() {}

  /** Returns the number, 0 to 2^31 - 1; -1 if the bytes are none or not the shortest form. */
  static int read(ByteBuffer from) {
    long number = 0;
    for (int i = 0; i < MAX_BYTES && from.hasRemaining(); i++) {
      int b = from.get();
      number |= (long) ((b < 0 ? ~b : b) & GROUP_MASK) << (i * GROUP_BITS);
      if (b >= 0) {
        boolean isShortest = b > 0 || i == 0;
        return isShortest && number <= Integer.MAX_VALUE ? (int) number : -1;
      }
    }
    return -1;
  }

  /** Bytes of this number. */
  static int bytes(int number) {
    int bytes = 1;
    for (int rest = number; rest > GROUP_MASK; rest >>>= GROUP_BITS) {
      bytes++;
    }
    return bytes;
  }

  static void write(ByteBuffer to, int number) {
    int rest = number;
    while (rest > GROUP_MASK) {
      to.put((byte) ~(rest & GROUP_MASK));
      rest >>>= GROUP_BITS;
    }
    to.put((byte) rest);
  }
}
