package io.kumo.server.store.snapshot;

import io.kumo.core.clock.ClockTime;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.ScanLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The records that a snapshot consists of and that the store has no more: each is kept when it is
 * overwritten or removed.
 *
 * <p>Invariants: a record is here before the store shows what took its place, so who has looked
 * into the store first and finds nothing of the snapshot there finds it here. Of one key there may
 * be several, of which the newest counts. What is in memory is bounded: beyond one run it is taken
 * away to the disk ({@link #awaitFull}), beyond two, while that is not done, the snapshot has
 * failed. No file is let go of while somebody reads ({@link #readers}). Thread-safe; {@link #keep}
 * waits for nothing.
 */
public final class KeptRecords {
  /** What a TreeMap takes for a record, beside its bytes. */
  private static final int OVERHEAD_BYTES = 112;

  private static final int MAX_RUNS = 128;

  private final long clockTime;
  private final long runBytes;
  private NavigableMap<byte[], byte[]> filling = emptyMap();
  private @Nullable NavigableMap<byte[], byte[]> full;
  private final List<KeptRun> runs = new ArrayList<>();
  private final ReentrantLock readers = new ReentrantLock();
  private long fillingBytes;
  private long keptBytes;
  private @Nullable String failure;
  private boolean closed;

  /**
   * @param clockTime of the snapshot
   * @param runBytes of memory after which records go to the disk; twice as much, and one value, is
   *     taken at most before they are there
   */
  public KeptRecords(long clockTime, long runBytes) {
    this.clockTime = clockTime;
    this.runBytes = runBytes;
  }

  private static NavigableMap<byte[], byte[]> emptyMap() {
    return new TreeMap<>(Arrays::compareUnsigned);
  }

  public long clockTime() {
    return clockTime;
  }

  /** Whether a record has to be kept that is to be replaced by a newer one. */
  public boolean wants(long former, long newer) {
    return ClockTime.compare(former, clockTime) <= 0 && ClockTime.compare(newer, clockTime) > 0;
  }

  /** Whether a record has to be kept that is to be removed without a trace. */
  public boolean wants(long former) {
    return ClockTime.compare(former, clockTime) <= 0;
  }

  /** Before the store has anything else in its place; takes both. */
  public synchronized void keep(byte[] rawKey, byte[] rawValue) {
    if (failure != null || closed) {
      return;
    }
    if (fillingBytes >= 2 * runBytes) {
      fail("records were overwritten faster than the disk takes what is kept of them");
      return;
    }
    filling.merge(rawKey, rawValue, KeptRecords::newer);
    int bytes = rawKey.length + rawValue.length;
    keptBytes += bytes;
    fillingBytes += bytes + OVERHEAD_BYTES;
    if (fillingBytes >= runBytes && full == null) {
      takeFull();
    }
  }

  private static byte[] newer(byte[] a, byte[] b) {
    return ClockTime.isNewer(KeptSource.head(a), KeptSource.head(b)) ? a : b;
  }

  private void takeFull() {
    full = filling;
    filling = emptyMap();
    fillingBytes = 0;
    notifyAll();
  }

  /** The snapshot is not whole any more; the first reason counts. */
  public synchronized void fail(String why) {
    if (failure == null) {
      failure = why;
      filling = emptyMap();
      full = null;
      notifyAll();
    }
  }

  public synchronized @Nullable String failure() {
    return failure;
  }

  public synchronized long keptBytes() {
    return keptBytes;
  }

  /** Waits for what is to go to the disk, in which nothing changes any more; null at the end. */
  synchronized @Nullable NavigableMap<byte[], byte[]> awaitFull() throws InterruptedException {
    while (full == null && !closed && failure == null) {
      wait();
    }
    return closed ? null : full;
  }

  /** Takes what {@link #awaitFull} gave; false when nobody wants it any more. */
  synchronized boolean written(KeptRun run) {
    if (closed || failure != null) {
      return false;
    }
    runs.add(run);
    full = null;
    if (runs.size() >= MAX_RUNS) {
      fail("too much was overwritten meanwhile, more than %d MiB".formatted(keptBytes >> 20));
    } else if (fillingBytes >= runBytes) {
      takeFull();
    }
    return true;
  }

  /** Nothing is kept any more. A second call does nothing. */
  public synchronized void close() {
    fail("it was closed");
    closed = true;
    notifyAll();
  }

  /** When nothing is kept any more: gives the runs away, to be closed when nobody reads. */
  synchronized List<KeptRun> takeRuns() {
    List<KeptRun> all = List.copyOf(runs);
    runs.clear();
    return all;
  }

  /** Held by whoever reads what {@link #takeRuns} gave away, or closes it. */
  ReentrantLock readers() {
    return readers;
  }

  /** As many of the kept records as the limits allow; one of each key, in their order. */
  List<KeptRecord> page(Cursor from, Cursor rest, ScanLimits limits) {
    readers.lock();
    try {
      return merge(from, rest, limits);
    } finally {
      readers.unlock();
    }
  }

  private List<KeptRecord> merge(Cursor from, Cursor rest, ScanLimits limits) {
    PriorityQueue<KeptSource> sources = new PriorityQueue<>();
    for (Iterator<KeptRecord> records : sources(from, limits)) {
      KeptSource source = new KeptSource(records);
      if (source.advance()) {
        sources.add(source);
      }
    }
    List<KeptRecord> page = new ArrayList<>();
    long bytes = 0;
    while (!sources.isEmpty() && page.size() < limits.maxRecords() && bytes < limits.maxBytes()) {
      KeptSource least = sources.remove();
      KeptRecord record = least.head();
      if (!isWithin(record.key(), from, rest)) {
        break;
      }
      KeptRecord former = page.isEmpty() ? null : page.get(page.size() - 1);
      if (former == null || !Arrays.equals(former.key(), record.key())) {
        if (from.admits(record.key())) {
          page.add(record);
          bytes += record.bytes();
        }
      }
      if (least.advance()) {
        sources.add(least);
      }
    }
    return page;
  }

  private static boolean isWithin(byte[] key, Cursor from, Cursor rest) {
    return rest.isDone()
        ? Long.compareUnsigned(KeptSource.head(key), from.toHash()) <= 0
        : !rest.admits(key);
  }

  private synchronized List<Iterator<KeptRecord>> sources(Cursor from, ScanLimits limits) {
    List<Iterator<KeptRecord>> all = new ArrayList<>();
    List<KeptRecord> newest = new ArrayList<>();
    long bytes = 0;
    for (var entry : filling.tailMap(from.key(), from.isInclusive()).entrySet()) {
      if (newest.size() == limits.maxRecords() || bytes >= limits.maxBytes()) {
        break;
      }
      newest.add(KeptRecord.of(entry));
      bytes += newest.get(newest.size() - 1).bytes();
    }
    all.add(newest.iterator());
    NavigableMap<byte[], byte[]> still = full;
    if (still != null) {
      all.add(
          still.tailMap(from.key(), from.isInclusive()).entrySet().stream()
              .map(KeptRecord::of)
              .iterator());
    }
    runs.forEach(run -> all.add(run.from(from.key())));
    return all;
  }
}
