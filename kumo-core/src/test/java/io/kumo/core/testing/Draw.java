package io.kumo.core.testing;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Draws the random values of one try, and keeps them for the message of a failure. The values at
 * the ends of a range, beside them and around zero come far more often than their share: each
 * eighth time, and in one of eight tries each second time, so that several of them meet.
 */
public final class Draw {
  private static final byte[] EDGE_BYTES = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff};

  private final SplittableRandom random;
  private final int edgeOdds;
  private final List<Object> drawn = new ArrayList<>();

  Draw(long seed) {
    random = new SplittableRandom(seed);
    edgeOdds = random.nextInt(8) == 0 ? 2 : 8;
  }

  /** Any of 2^64. */
  public long anyLong() {
    return between(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** Any of 2^32. */
  public int anyInt() {
    return between(Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** Any from one to the other, both included. */
  public int between(int min, int max) {
    return (int) between((long) min, (long) max);
  }

  /** Any from one to the other, both included. */
  public long between(long min, long max) {
    return kept(
        atAnEdge() ? edge(min, max) : random.nextBoolean() ? small(min, max) : any(min, max));
  }

  /** A number whose highest bit is in any place with the same chance. */
  public long bits() {
    return kept(any(Long.MIN_VALUE, Long.MAX_VALUE) >>> any(0, 63));
  }

  /** Yes or no. */
  public boolean yes() {
    return kept(random.nextBoolean());
  }

  /** One of them. */
  @SafeVarargs
  public final <T> T of(T... values) {
    return kept(values[random.nextInt(values.length)]);
  }

  /** Up to {@code maxLength} bytes; in every fourth array each is one of few. */
  public byte[] bytes(int maxLength) {
    byte[] bytes = new byte[length(maxLength)];
    random.nextBytes(bytes);
    if (random.nextInt(4) == 0) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = EDGE_BYTES[random.nextInt(EDGE_BYTES.length)];
      }
    }
    drawn.add(HexFormat.of().formatHex(bytes));
    return bytes;
  }

  /** That many of 2^64. */
  public long[] longs(int length) {
    long[] longs = new long[length];
    for (int i = 0; i < length; i++) {
      longs[i] = anyLong();
    }
    return longs;
  }

  /** Up to {@code maxLength} of what is drawn for each. */
  public <T> List<T> list(int maxLength, Supplier<T> element) {
    List<T> list = new ArrayList<>();
    for (int left = length(maxLength); left > 0; left--) {
      list.add(element.get());
    }
    return list;
  }

  private int length(int max) {
    return (int) (atAnEdge() ? edge(0, max) : any(0, max));
  }

  private boolean atAnEdge() {
    return random.nextInt(edgeOdds) == 0;
  }

  /** An end, its neighbour, or a number around zero, if the range has it. */
  private long edge(long min, long max) {
    long near = random.nextInt(3);
    long edge =
        switch (random.nextInt(3)) {
          case 0 -> min + near;
          case 1 -> max - near;
          default -> near - 1;
        };
    return edge >= min && edge <= max ? edge : random.nextBoolean() ? min : max;
  }

  /** A number of as few bits as any, if the range has it. */
  private long small(long min, long max) {
    long small = any(Long.MIN_VALUE, Long.MAX_VALUE) >> any(0, 63);
    return small >= min && small <= max ? small : any(min, max);
  }

  private long any(long min, long max) {
    return max == Long.MAX_VALUE && min == Long.MIN_VALUE
        ? random.nextLong()
        : max == Long.MAX_VALUE ? random.nextLong(min - 1, max) + 1 : random.nextLong(min, max + 1);
  }

  private <T> T kept(T value) {
    drawn.add(value);
    return value;
  }

  /** What was drawn, in this order. */
  @Override
  public String toString() {
    return drawn.toString();
  }
}
