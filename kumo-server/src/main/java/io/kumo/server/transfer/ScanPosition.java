package io.kumo.server.transfer;

import io.kumo.core.ring.HashRange;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.RecordVisitor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is left of a scan over several ranges. Immutable, so that it can be gone back to. */
public final class ScanPosition {
  private final List<HashRange> ranges;
  private final int index;
  private final Cursor cursor;

  private ScanPosition(List<HashRange> ranges, int index, Cursor cursor) {
    this.ranges = ranges;
    this.index = index;
    this.cursor = cursor;
  }

  public static ScanPosition start(List<HashRange> ranges) {
    return at(List.copyOf(ranges), 0);
  }

  private static ScanPosition at(List<HashRange> ranges, int index) {
    HashRange range = index < ranges.size() ? ranges.get(index) : HashRange.ALL;
    return new ScanPosition(ranges, index, Cursor.range(range.from(), range.to()));
  }

  /** Of a position at a start. */
  List<HashRange> ranges() {
    return ranges;
  }

  public boolean isDone() {
    return index >= ranges.size();
  }

  /**
   * What is left of it in these ranges.
   *
   * @param wanted in any order; they may overlap
   */
  public ScanPosition within(List<HashRange> wanted) {
    if (isDone()) {
      return this;
    }
    List<HashRange> ordered = new ArrayList<>(wanted);
    ordered.sort(Comparator.comparing(HashRange::from, Long::compareUnsigned));
    List<HashRange> left = new ArrayList<>();
    long next = cursor.fromHash();
    int at = index;
    for (HashRange range : ordered) {
      for (; at < ranges.size(); at++) {
        HashRange own = ranges.get(at);
        long from = max(max(own.from(), next), range.from());
        long to = min(own.to(), range.to());
        if (Long.compareUnsigned(from, to) <= 0) {
          left.add(new HashRange(from, to));
          if (to == -1L) {
            return goingOn(left);
          }
          next = to + 1;
        }
        if (Long.compareUnsigned(own.to(), range.to()) > 0) {
          break;
        }
      }
    }
    return goingOn(left);
  }

  /** Several records may have the hash at which this stands: those before it are not left. */
  private ScanPosition goingOn(List<HashRange> left) {
    ScanPosition whole = start(left);
    boolean standsWithin =
        !left.isEmpty() && !cursor.isInclusive() && left.get(0).from() == cursor.fromHash();
    return standsWithin
        ? new ScanPosition(whole.ranges, 0, whole.cursor.after(cursor.key()))
        : whole;
  }

  private static long max(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }

  private static long min(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0 ? a : b;
  }

  /** Visits the next records. */
  public ScanPosition scan(Store store, ScanLimits limits, RecordVisitor visitor) {
    if (isDone()) {
      return this;
    }
    Cursor next = store.scan(cursor, limits, visitor);
    return next.isDone() ? at(ranges, index + 1) : new ScanPosition(ranges, index, next);
  }
}
