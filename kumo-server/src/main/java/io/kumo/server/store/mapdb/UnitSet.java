package io.kumo.server.store.mapdb;

import java.util.Arrays;

/** A growing set of small integers that knows its size. Not thread-safe. */
final class UnitSet {
  private long[] words = {};
  private int size;

  /** Makes room for members below the bound. */
  void ensureBound(int bound) {
    int needed = (bound + 63) >>> 6;
    if (needed > words.length) {
      words = Arrays.copyOf(words, needed);
    }
  }

  /** Members are below this. */
  long bound() {
    return (long) words.length << 6;
  }

  boolean contains(int member) {
    return (words[member >>> 6] & (1L << member)) != 0;
  }

  void add(int member) {
    long word = words[member >>> 6];
    long bit = 1L << member;
    if ((word & bit) == 0) {
      words[member >>> 6] = word | bit;
      size++;
    }
  }

  void remove(int member) {
    long word = words[member >>> 6];
    long bit = 1L << member;
    if ((word & bit) != 0) {
      words[member >>> 6] = word & ~bit;
      size--;
    }
  }

  /** The least member that is not below, -1 when there is none. */
  int next(int from) {
    int index = from >>> 6;
    if (index >= words.length) {
      return -1;
    }
    long word = words[index] & (-1L << from);
    while (word == 0) {
      if (++index == words.length) {
        return -1;
      }
      word = words[index];
    }
    return (index << 6) + Long.numberOfTrailingZeros(word);
  }

  void addAll(UnitSet other) {
    ensureBound(other.words.length << 6);
    for (int i = 0; i < other.words.length; i++) {
      size += Long.bitCount(other.words[i] & ~words[i]);
      words[i] |= other.words[i];
    }
  }

  void clear() {
    Arrays.fill(words, 0);
    size = 0;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }
}
