package io.kumo.server.repair.digest;

import io.kumo.core.item.RecordDigest;
import io.kumo.core.protocol.repair.DigestDepth;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.RangeDigest;
import io.kumo.core.transport.Transport;
import io.kumo.server.replica.Checksums;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.DigestSum;
import io.kumo.server.store.RawRecords;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.transfer.BackgroundThrottle;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds up what a store has in some ranges, a fraction of a millisecond in a turn of the loop, and
 * with pauses while clients are being served. Confined to one loop.
 */
final class RangeDigester {
  /** Hears of the end, once, on the loop. */
  interface Digested {
    /**
     * As much has been added up as one answer may take time for.
     *
     * @param digests of the first ranges, at least one
     * @param cut whether the last of them is only of what lies below {@code nextHash}
     */
    void digested(List<RangeDigest> digests, boolean cut, long nextHash);

    void failed(StoreException e);
  }

  /** Of which keys and ClockTimes are read in a turn, unless their digests are there. */
  private static final int KEYS_A_TURN = 768;

  private static final ScanLimits VALUES_A_TURN = ScanLimits.records(256, 256 << 10);

  private static final long TURN_NS = 300_000;

  private final Transport transport;
  private final Store store;
  private final BackgroundThrottle throttle;
  private final List<HashRange> ranges;
  private final DigestDepth depth;
  private final long timeNs;
  private final long beganNs;
  private final Digested listener;
  private final List<RangeDigest> digests = new ArrayList<>();
  private DigestSum sum = new DigestSum();
  private Cursor cursor;
  private boolean ending;
  private boolean cut;
  private boolean ended;

  private RangeDigester(
      Transport transport,
      Store store,
      BackgroundThrottle throttle,
      List<HashRange> ranges,
      DigestDepth depth,
      long timeNs,
      Digested listener) {
    this.transport = transport;
    this.store = store;
    this.throttle = throttle;
    this.ranges = ranges;
    this.depth = depth;
    this.timeNs = timeNs;
    this.beganNs = transport.time().nanoTime();
    this.listener = listener;
    this.cursor = cursorOf(ranges.get(0));
  }

  /**
   * What one server adds up with.
   *
   * @param throttle of the loop
   */
  record Source(Transport transport, Store store, BackgroundThrottle throttle) {
    /**
     * Begins, and tells the listener in this call or later.
     *
     * @param ranges one at least
     * @param timeNs after which what has been added up is told; Long.MAX_VALUE for no end
     */
    void digest(List<HashRange> ranges, DigestDepth depth, long timeNs, Digested listener) {
      new RangeDigester(transport, store, throttle, ranges, depth, timeNs, listener).turn();
    }
  }

  private static Cursor cursorOf(HashRange range) {
    return Cursor.range(range.from(), range.to());
  }

  private void turn() {
    assert transport.inLoop();
    long startNs = transport.time().nanoTime();
    long nowNs = startNs;
    try {
      while (!isOver() && nowNs - startNs < TURN_NS) {
        step();
        nowNs = transport.time().nanoTime();
        endInTime(nowNs);
      }
    } catch (StoreException e) {
      listener.failed(e);
      return;
    }
    if (isOver()) {
      listener.digested(digests, cut, cut ? cursor.toHash() + 1 : 0);
    } else {
      later(throttle.pauseNs(startNs, nowNs));
    }
  }

  private boolean isOver() {
    return cut || ended || digests.size() == ranges.size();
  }

  private void later(long pauseNs) {
    if (pauseNs > 0) {
      transport.schedule(pauseNs, this::turn);
    } else {
      transport.atNextTurn(this::turn);
    }
  }

  private void step() {
    cursor = add(cursor);
    if (!cursor.isDone()) {
      return;
    }
    cut = cursor.toHash() != ranges.get(digests.size()).to();
    digests.add(sum.digest());
    sum = new DigestSum();
    if (!isOver()) {
      cursor = cursorOf(ranges.get(digests.size()));
    }
  }

  /** When there is no more time, the range ends with the hash that was looked at last. */
  private void endInTime(long nowNs) {
    if (isOver() || ending || timeNs == Long.MAX_VALUE || nowNs - beganNs < timeNs) {
      return;
    }
    long hash = cursor.fromHash();
    if (hash == ranges.get(digests.size()).from() && cursor.isInclusive() && !digests.isEmpty()) {
      ended = true;
    } else if (!cursor.isInclusive()) {
      ending = true;
      cursor = Cursor.range(hash, hash).after(cursor.key());
    } else if (hash != ranges.get(digests.size()).from()) {
      ending = true;
      cursor = Cursor.range(hash - 1, hash - 1).exhausted();
      step();
    }
  }

  private Cursor add(Cursor from) {
    if (depth == DigestDepth.KEYS) {
      return store.digest(from, KEYS_A_TURN, sum);
    }
    return store.scan(
        from,
        VALUES_A_TURN,
        (rawKey, rawValue, valueLength) -> {
          long digest = RecordDigest.of(rawKey, RawRecords.head(rawValue));
          sum.add(RecordDigest.withValue(digest, Checksums.of(rawValue)));
          return true;
        });
  }
}
