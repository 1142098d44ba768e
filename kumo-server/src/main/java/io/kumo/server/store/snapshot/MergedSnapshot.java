package io.kumo.server.store.snapshot;

import io.kumo.core.clock.ClockTime;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.RawRecords;
import io.kumo.server.store.RecordVisitor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreSnapshot;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** What the store has, where that is old enough, and what was kept of it where it is not. */
public final class MergedSnapshot implements StoreSnapshot {
  private final Store store;
  private final KeptRecords kept;
  private final Runnable end;

  /**
   * @param end lets go of what was kept; run by each {@link #close}
   */
  public MergedSnapshot(Store store, KeptRecords kept, Runnable end) {
    this.store = store;
    this.kept = kept;
    this.end = end;
  }

  @Override
  public long clockTime() {
    return kept.clockTime();
  }

  @Override
  public Cursor scan(Cursor from, ScanLimits limits, LongPredicate wanted, RecordVisitor visitor) {
    if (from.isDone()) {
      return from;
    }
    List<KeptRecord> present = new ArrayList<>();
    Cursor rest =
        store.scan(
            from,
            limits,
            (rawKey, rawValue, valueLength) -> {
              if (wanted.test(RawRecords.head(rawKey))) {
                present.add(new KeptRecord(RawRecords.bytes(rawKey), RawRecords.bytes(rawValue)));
              }
              return true;
            });
    // After the store: see the invariant of KeptRecords.
    List<KeptRecord> former = kept.page(from, rest, limits);
    String failed = kept.failure();
    if (failed != null) {
      throw new StoreException(StoreException.Code.IO, "the snapshot is not whole: " + failed);
    }
    return new Merge(present, former, wanted, visitor).show(from, rest, limits);
  }

  /** Two lists in the order of their keys. */
  private final class Merge {
    private final List<KeptRecord> present;
    private final List<KeptRecord> former;
    private final LongPredicate wanted;
    private final RecordVisitor visitor;

    Merge(
        List<KeptRecord> present,
        List<KeptRecord> former,
        LongPredicate wanted,
        RecordVisitor visitor) {
      this.present = present;
      this.former = former;
      this.wanted = wanted;
      this.visitor = visitor;
    }

    Cursor show(Cursor from, Cursor rest, ScanLimits limits) {
      int p = 0;
      int f = 0;
      while (p < present.size() || f < former.size()) {
        int order = order(p, f);
        KeptRecord newer = order <= 0 ? present.get(p++) : null;
        KeptRecord older = order >= 0 ? former.get(f++) : null;
        KeptRecord shown = newer != null && isOld(newer) ? newer : older;
        if (shown != null && !show(shown)) {
          return from.after(shown.key());
        }
        if (f == former.size() && older != null && isFull(limits)) {
          return from.after(older.key());
        }
      }
      return rest;
    }

    private int order(int p, int f) {
      if (p == present.size()) {
        return 1;
      }
      return f == former.size()
          ? -1
          : Arrays.compareUnsigned(present.get(p).key(), former.get(f).key());
    }

    private boolean isOld(KeptRecord record) {
      return ClockTime.compare(KeptSource.head(record.value()), clockTime()) <= 0;
    }

    private boolean show(KeptRecord record) {
      return !wanted.test(KeptSource.head(record.key()))
          || visitor.visit(
              Unpooled.wrappedBuffer(record.key()),
              Unpooled.wrappedBuffer(record.value()),
              record.value().length);
    }

    /** Whether there may be more that was kept behind the last of these. */
    private boolean isFull(ScanLimits limits) {
      long bytes = former.stream().mapToLong(KeptRecord::bytes).sum();
      return former.size() >= limits.maxRecords() || bytes >= limits.maxBytes();
    }
  }

  @Override
  public @Nullable String failure() {
    return kept.failure();
  }

  @Override
  public long keptBytes() {
    return kept.keptBytes();
  }

  @Override
  public void close() {
    end.run();
  }
}
