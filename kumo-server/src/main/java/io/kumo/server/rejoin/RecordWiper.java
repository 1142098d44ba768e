package io.kumo.server.rejoin;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.log.LogId;
import io.kumo.core.transport.Transport;
import io.kumo.server.lifecycle.Watermarks;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.write.round.WriteContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes every record up to a ClockTime, once a copy of them has been kept aside. Confined to the
 * main loop, but for the removal, which is the worker's.
 *
 * <p>Invariant: one at a time, as a copy that is under way is not to miss what another one removes;
 * of those that are asked for meanwhile the last one follows, if it is still due.
 */
final class RecordWiper {
  private static final Logger log = LoggerFactory.getLogger(RecordWiper.class);

  private static final long AGAIN_NS = Duration.ofSeconds(1).toNanos();
  private static final long BUSY_NS = Duration.ofMillis(1).toNanos();
  private static final ScanLimits LIMITS = ScanLimits.headers(512, Store.TOMBSTONE_BYTES);

  private record Old(ByteBuf key, long clockTime) {}

  /** One of them: a thing of its own even where another has the same values. */
  private static final class Wipe {
    final long upTo;
    final long beganSeconds;

    Wipe(long upTo, long beganSeconds) {
      this.upTo = upTo;
      this.beganSeconds = beganSeconds;
    }
  }

  private final Transport main;
  private final Transport worker;
  private final Store store;
  private final Watermarks watermarks;
  private final OldRecords oldRecords;
  private final WriteContext.Bookkeeping books;
  private final Runnable removed;
  private final BooleanSupplier isDue;
  private final Runnable wiped;
  private @Nullable Wipe wanted;
  private boolean busy;

  /**
   * @param isDue whether what was asked for last is still to be done
   * @param wiped run when that is done, durably
   */
  RecordWiper(
      Transport main,
      Transport worker,
      Rejoin.Before before,
      BooleanSupplier isDue,
      Runnable wiped) {
    this.main = main;
    this.worker = worker;
    this.store = before.store();
    this.watermarks = before.watermarks();
    this.oldRecords = before.old();
    this.books = before.books();
    this.removed = before.removed();
    this.isDue = isDue;
    this.wiped = wiped;
  }

  /** Whether records are being copied or removed, for whatever was asked. */
  boolean isBusy() {
    return busy;
  }

  /**
   * Removes what is here.
   *
   * @param upTo ClockTime of the newest record that goes
   * @param beganSeconds from when on this server is given what there is
   */
  void wipe(long upTo, long beganSeconds) {
    begin(new Wipe(upTo, beganSeconds));
  }

  private void begin(Wipe wipe) {
    wanted = wipe;
    if (!busy) {
      busy = true;
      oldRecords.keep(() -> main.execute(() -> removeIfStillDue(wipe)));
    }
  }

  /** The copy may have taken minutes, in which other views came. */
  private void removeIfStillDue(Wipe wipe) {
    if (wipe == wanted && isDue.getAsBoolean()) {
      worker.execute(() -> remove(wipe, Cursor.all(), 0));
    } else {
      ended(wipe);
    }
  }

  /** On the worker, in steps; nothing is added to the store meanwhile. */
  private void remove(Wipe wipe, Cursor from, long removed) {
    if (!worker.guard().run("wiping", this, () -> step(wipe, from, removed))) {
      worker.schedule(AGAIN_NS, () -> remove(wipe, from, removed));
    }
  }

  private void step(Wipe wipe, Cursor from, long removed) {
    assert worker.inLoop();
    List<Old> found = new ArrayList<>();
    try {
      Cursor rest = find(wipe, from, found);
      found.forEach(old -> store.removeIf(old.key(), old.clockTime()));
      long more = removed + found.size();
      if (rest.isDone()) {
        watermarks.beginApplied(wipe.beganSeconds, () -> main.execute(() -> removed(wipe, more)));
      } else {
        worker.execute(() -> remove(wipe, rest, more));
      }
    } catch (StoreException e) {
      boolean storeBusy = e.code() == StoreException.Code.BUSY;
      if (!storeBusy) {
        log.error(
            LogId.OLD_RECORDS_STAY, "cannot remove what is here from before: {}", e.getMessage());
      }
      worker.schedule(storeBusy ? BUSY_NS : AGAIN_NS, () -> remove(wipe, from, removed));
    }
  }

  private Cursor find(Wipe wipe, Cursor from, List<Old> found) {
    return store.scan(
        from,
        LIMITS,
        (rawKey, rawValue, length) -> {
          long clockTime = rawValue.getLong(rawValue.readerIndex());
          if (!ClockTime.isNewer(clockTime, wipe.upTo)) {
            found.add(new Old(Unpooled.copiedBuffer(rawKey), clockTime));
          }
          return true;
        });
  }

  /** A request whose record is gone must not count as applied, nor its key as recovered. */
  private void removed(Wipe wipe, long records) {
    log.error(LogId.OLD_RECORDS_REMOVED, "{} records from before removed", records);
    books.forgetRequests(main.time().nanoTime());
    removed.run();
    ended(wipe);
  }

  private void ended(Wipe wipe) {
    busy = false;
    Wipe next = wanted;
    if (!isDue.getAsBoolean() || next == null) {
      return;
    }
    if (next == wipe) {
      wiped.run();
    } else {
      begin(next);
    }
  }
}
