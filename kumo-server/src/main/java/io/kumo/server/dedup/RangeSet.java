package io.kumo.server.dedup;

import io.kumo.core.ring.HashRange;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;

/** Ranges of hashes, to be asked whether a hash lies in one of them. Immutable. */
final class RangeSet {
  private final HashRange[] ranges;

  /** They may touch, but share no hash. */
  RangeSet(List<HashRange> ranges) {
    this.ranges = ranges.toArray(HashRange[]::new);
    Arrays.sort(this.ranges, Comparator.comparing(HashRange::from, Long::compareUnsigned));
  }

  boolean contains(long hash) {
    int low = 0;
    int high = ranges.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(hash, ranges[middle].from()) < 0) {
        high = middle - 1;
      } else if (Long.compareUnsigned(hash, ranges[middle].to()) > 0) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /** Adds the last hash of every range, and the last before each. */
  void addEnds(NavigableSet<Long> ends) {
    for (HashRange range : ranges) {
      ends.add(range.to());
      if (range.from() != 0) {
        ends.add(range.from() - 1);
      }
    }
  }
}
