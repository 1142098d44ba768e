package io.kumo.it.sim.history;

import java.util.Arrays;
import java.util.TreeMap;

/**
 * Counts, by token, the operations that have one and are still to be placed. Tokens are unsigned, 0
 * is none.
 */
final class PendingTokens {
  private final TreeMap<Long, Integer> added = new TreeMap<>(Long::compareUnsigned);
  private long[] tokens = {};
  private long[] ordered = {};
  private int[] counts = {};
  private int lowest;

  void add(long token) {
    if (token != 0) {
      added.merge(token, 1, Integer::sum);
    }
  }

  /** Ends the adding. */
  void freeze() {
    tokens = added.keySet().stream().mapToLong(Long::longValue).toArray();
    ordered = Arrays.stream(tokens).map(t -> t ^ Long.MIN_VALUE).toArray();
    counts = added.values().stream().mapToInt(Integer::intValue).toArray();
  }

  void mark(long token, boolean placed) {
    if (token == 0) {
      return;
    }
    int index = indexOf(token);
    counts[index] += placed ? -1 : 1;
    if (!placed) {
      lowest = Math.min(lowest, index);
    }
  }

  /** Whether anything with this token or a smaller one is still to be placed. */
  boolean anyUpTo(long token) {
    while (lowest < counts.length && counts[lowest] == 0) {
      lowest++;
    }
    return lowest < counts.length && Long.compareUnsigned(tokens[lowest], token) <= 0;
  }

  private int indexOf(long token) {
    int index = Arrays.binarySearch(ordered, token ^ Long.MIN_VALUE);
    if (index < 0) {
      throw new IllegalArgumentException("unknown token " + token);
    }
    return index;
  }
}
