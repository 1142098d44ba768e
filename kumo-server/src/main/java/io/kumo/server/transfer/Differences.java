package io.kumo.server.transfer;

import io.kumo.core.ring.HashRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where the records of this server and of one to which they are to be copied differ. Immutable.
 *
 * @param ranges in order, none touching another; in all others both have the same
 * @param equal records in the others
 */
public record Differences(List<HashRange> ranges, long equal) {
  /** Neighbours among more ranges than that become one. */
  public static final int MAX_RANGES = 1 << 12;

  public Differences {
    ranges = merged(ranges);
  }

  private static List<HashRange> merged(List<HashRange> unordered) {
    List<HashRange> merged = new ArrayList<>(unordered);
    merged.sort(Comparator.comparing(HashRange::from, Long::compareUnsigned));
    merged = joined(merged);
    while (merged.size() > MAX_RANGES) {
      List<HashRange> fewer = new ArrayList<>();
      for (int i = 0; i < merged.size(); i += 2) {
        HashRange last = merged.get(Math.min(i + 1, merged.size() - 1));
        fewer.add(new HashRange(merged.get(i).from(), last.to()));
      }
      merged = fewer;
    }
    return List.copyOf(merged);
  }

  private static List<HashRange> joined(List<HashRange> ordered) {
    List<HashRange> joined = new ArrayList<>();
    for (HashRange range : ordered) {
      HashRange last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last != null && range.from() - last.to() == 1) {
        joined.set(joined.size() - 1, new HashRange(last.from(), range.to()));
      } else {
        joined.add(range);
      }
    }
    return joined;
  }

  /** Whether the record of a hash may differ. */
  boolean contains(long hash) {
    int low = 0;
    int high = ranges.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      HashRange range = ranges.get(middle);
      if (Long.compareUnsigned(hash, range.from()) < 0) {
        high = middle - 1;
      } else if (Long.compareUnsigned(hash, range.to()) > 0) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }
}
