package io.kumo.server.repair;

import io.kumo.core.ring.HashRange;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.DigestSum;
import io.kumo.server.store.StoreException;
import io.kumo.server.transfer.BackgroundThrottle;
import io.kumo.server.write.round.WriteContext;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Counts the records that are to be compared, so that it can be told how far a verification is: by
 * digests, a few records in a turn of the loop, and with pauses while clients are being served.
 * Main loop only.
 */
final class RecordCounting {
  /** Whoever wants to know. */
  interface Listener {
    /** Whether it still wants to. */
    boolean goesOn();

    void counted();

    void countingFailed(String reason);
  }

  private static final int RECORDS_A_TURN = 768;

  /** Where records are still to be counted: those coordinated here, or copies of one server. */
  private record Uncounted(HashRange range, boolean copies) {}

  private final WriteContext context;
  private final Listener listener;
  private final BackgroundThrottle throttle;
  private final Queue<Uncounted> uncounted = new ArrayDeque<>();
  private long records;
  private long copies;

  RecordCounting(WriteContext context, Listener listener) {
    this.context = context;
    this.listener = listener;
    this.throttle = BackgroundThrottle.beside(context.metrics(), context.nowNs());
  }

  void addRecords(List<HashRange> ranges) {
    ranges.forEach(range -> uncounted.add(new Uncounted(range, false)));
  }

  void addCopies(List<HashRange> ranges) {
    ranges.forEach(range -> uncounted.add(new Uncounted(range, true)));
  }

  /** Records counted so far. */
  long records() {
    return records;
  }

  /** Copies of records at others counted so far. */
  long copies() {
    return copies;
  }

  void start() {
    Uncounted next = uncounted.poll();
    if (next == null) {
      listener.counted();
    } else {
      count(Cursor.range(next.range().from(), next.range().to()), next.copies());
    }
  }

  private void count(Cursor from, boolean ofCopies) {
    if (!listener.goesOn()) {
      return;
    }
    long startNs = context.nowNs();
    DigestSum sum = new DigestSum();
    Cursor rest;
    try {
      rest = context.store().digest(from, RECORDS_A_TURN, sum);
    } catch (StoreException e) {
      listener.countingFailed(String.valueOf(e.getMessage()));
      return;
    }
    long count = sum.digest().count();
    records += ofCopies ? 0 : count;
    copies += ofCopies ? count : 0;
    later(
        throttle.pauseNs(startNs, context.nowNs()),
        () -> {
          if (rest.isDone()) {
            start();
          } else {
            count(rest, ofCopies);
          }
        });
  }

  private void later(long pauseNs, Runnable next) {
    if (pauseNs > 0) {
      context.transport().schedule(pauseNs, next);
    } else {
      context.transport().atNextTurn(next);
    }
  }
}
