package io.kumo.tools.bench.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The value of a key is a function of the key's number and the length, so that every answer can be
 * verified without remembering what was stored: the number in its first eight bytes, then random
 * text from a place that depends on the number. Confined to one thread.
 */
public final class Values {

  private static final int SHIFTS = 4096;
  private static final int NUMBER_BYTES = 8;

  private final byte[] text;
  private final byte[] scratch;

  public Values(int mostBytes) {
    text = new byte[mostBytes + SHIFTS];
    SplittableRandom random = new SplittableRandom(mostBytes);
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) ('a' + random.nextInt(26));
    }
    scratch = new byte[mostBytes];
  }

  /** Appends the value. */
  public void write(ByteBuffer out, long index, int length) {
    int start = out.position();
    out.put(text, shift(index), length);
    if (length >= NUMBER_BYTES) {
      out.putLong(start, index);
    }
  }

  /** Whether the bytes at {@code position} are the value of that length of that key. */
  public boolean matches(ByteBuffer in, int position, int length, long index) {
    if (length > scratch.length) {
      return false;
    }
    int from = 0;
    if (length >= NUMBER_BYTES) {
      if (in.getLong(position) != index) {
        return false;
      }
      from = NUMBER_BYTES;
    }
    in.get(position, scratch, 0, length);
    int shift = shift(index);
    return Arrays.equals(scratch, from, length, text, shift + from, shift + length);
  }

  private static int shift(long index) {
    return (int) (index % SHIFTS);
  }
}
