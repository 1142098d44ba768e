package io.kumo.tools.importing;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The records on their way into the cluster: bounded in number and bytes, numbered in the order of
 * the source. Thread-safe: one thread begins records, another ends them.
 *
 * <p>Invariants: records below the mark have ended and are counted, so that an import may go on
 * from the mark; at most {@code size} lie between the mark and the next, so one that is tried again
 * and again holds the source up and not memory.
 */
final class LoadWindow {
  private static final long WAIT_MS = 1000;

  private final @Nullable LoadResult[] results;
  private final Map<Long, String> reasons = new HashMap<>();
  private final ImportCounts counts;
  private final long maxBytes;
  private long next;
  private long mark;
  private long bytes;
  private @Nullable CliException failure;

  /** A count of records that have ended, and what became of them. */
  record Snapshot(long mark, String counts) {}

  /**
   * @param counts is added to
   */
  LoadWindow(int size, long maxBytes, ImportCounts counts) {
    this.results = new LoadResult[size];
    this.maxBytes = maxBytes;
    this.counts = counts;
  }

  /** Whether {@link #begin} would wait. */
  synchronized boolean isFull(int recordBytes) {
    return failure == null
        && (next - mark >= results.length || (bytes > 0 && bytes + recordBytes > maxBytes));
  }

  /**
   * Returns the number of a record, when there is room for it.
   *
   * @throws CliException when the import has failed
   */
  synchronized long begin(int recordBytes) {
    waitWhile(() -> isFull(recordBytes));
    throwFailure();
    bytes += recordBytes;
    return next++;
  }

  /** {@code why} counts for a record that was refused. */
  synchronized void end(long number, int recordBytes, LoadResult result, String why) {
    bytes -= recordBytes;
    results[slot(number)] = result;
    if (result == LoadResult.REFUSED) {
      reasons.put(number, why);
    }
    while (mark < next && results[slot(mark)] != null) {
      LoadResult ended = results[slot(mark)];
      results[slot(mark)] = null;
      String reason = ended == LoadResult.REFUSED ? reasons.remove(mark) : null;
      if (ended != null) {
        counts.add(ended, reason == null ? "" : reason);
      }
      mark++;
    }
    notifyAll();
  }

  private int slot(long number) {
    return (int) (number % results.length);
  }

  /** Ends the import; the first failure counts. */
  synchronized void fail(CliException why) {
    failure = failure == null ? why : failure;
    notifyAll();
  }

  /** Returns when all have ended. Throws {@link CliException} when the import has failed. */
  synchronized void drain() {
    waitWhile(() -> failure == null && mark < next);
    throwFailure();
  }

  synchronized Snapshot snapshot() {
    return new Snapshot(mark, counts.json().toString());
  }

  synchronized long mark() {
    return mark;
  }

  private synchronized void waitWhile(BooleanSupplier busy) {
    try {
      while (busy.getAsBoolean()) {
        wait(WAIT_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(new CliException(ExitStatus.FAILED, "interrupted", e));
    }
  }

  private void throwFailure() {
    if (failure != null) {
      throw failure;
    }
  }
}
