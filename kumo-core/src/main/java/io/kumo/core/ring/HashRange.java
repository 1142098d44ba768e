package io.kumo.core.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/** The hashes from one to another, both included; unsigned, not wrapping. */
public record HashRange(long from, long to) {
  /** The whole ring. */
  public static final HashRange ALL = new HashRange(0, -1L);

  /** Checks the order. */
  public HashRange {
    if (Long.compareUnsigned(from, to) > 0) {
      throw new IllegalArgumentException("from is above to");
    }
  }

  /**
   * The parts of the ring, in order, where the condition holds. It may change only at the points of
   * the hash spaces, as who owns a key does; so it is asked only there.
   */
  public static List<HashRange> where(LongPredicate condition, HashSpace... spaces) {
    List<HashRange> ranges = new ArrayList<>();
    long from = 0;
    for (long point : points(spaces)) {
      if (condition.test(point)) {
        append(ranges, new HashRange(from, point));
      }
      from = point + 1;
    }
    return List.copyOf(ranges);
  }

  /** The points of all of them and the last hash, in unsigned order, each once. */
  private static long[] points(HashSpace... spaces) {
    LongStream points =
        Arrays.stream(spaces)
            .flatMapToLong(space -> space.dump().stream().mapToLong(VirtualNode::hash));
    return LongStream.concat(points, LongStream.of(-1))
        .map(HashRange::otherOrder)
        .sorted()
        .distinct()
        .map(HashRange::otherOrder)
        .toArray();
  }

  /** Unsigned order as signed, and back. */
  private static long otherOrder(long hash) {
    return hash ^ Long.MIN_VALUE;
  }

  private static void append(List<HashRange> ranges, HashRange next) {
    int last = ranges.size() - 1;
    if (last >= 0 && ranges.get(last).to + 1 == next.from) {
      ranges.set(last, new HashRange(ranges.get(last).from, next.to));
    } else {
      ranges.add(next);
    }
  }

  /** The part of the ring that it covers, 0 to 1. */
  public double share() {
    return unsigned(to - from) / 0x1p64;
  }

  private static double unsigned(long value) {
    return (value >>> 1) * 2.0 + (value & 1);
  }
}
