package io.kumo.server.transfer;

import io.kumo.core.ring.HashRange;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.RecordVisitor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
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

  public boolean isDone() {
    return index >= ranges.size();
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
