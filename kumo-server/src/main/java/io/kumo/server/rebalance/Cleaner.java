package io.kumo.server.rebalance;

import io.kumo.core.log.LogId;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Transport;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.transfer.BackgroundThrottle;
import io.kumo.server.transfer.ScanPosition;
import io.kumo.server.view.ViewHolder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the records that this server no longer owns, each only after all its active owners have
 * confirmed that they have it: a copy that went wrong, or an owner that lost its records since,
 * never costs the last good one. What cannot be confirmed is tried again later.
 *
 * <p>Scans and removes on the worker loop, asks on the main loop. A few batches are under way at a
 * time, so that neither waits for the owners' answers; one while clients are being served.
 */
final class Cleaner {
  private static final Logger log = LoggerFactory.getLogger(Cleaner.class);

  private static final int BATCH = 512;
  private static final int IN_FLIGHT = 4;
  private static final ScanLimits LIMITS = ScanLimits.headers(BATCH, Store.TOMBSTONE_BYTES);
  private static final long BUSY_NS = Duration.ofMillis(1).toNanos();
  private static final long ORDERED_PAUSE_NS = Duration.ofMillis(100).toNanos();
  private static final long AGAIN_NS = Duration.ofSeconds(3).toNanos();

  /** How far one batch has been removed. */
  private static final class Removal {
    private int next;
    private long count;
    private boolean busy;
  }

  private final RpcEndpoint endpoint;
  private final Transport main;
  private final Transport worker;
  private final Store store;
  private final NodeAddress self;
  private final Supplier<HashSpaces> spaces;
  private final HashSpace former;
  private final LongFunction<RequestHistory> history;
  private final BackgroundThrottle throttle;
  private final Runnable cleaned;
  private ScanPosition position = ScanPosition.start(List.of());
  private HashSpace ranged = HashSpace.EMPTY;
  private boolean cancelled;
  private boolean scanning;
  private boolean throttled;
  private int inFlight;
  private long kept;
  private long scanned;
  private long removed;
  private long total;

  /**
   * @param former the read hash space before the present replace
   * @param history by which requests the record of a hash came to be what it is; main loop
   * @param cleaned run when nothing is left to remove
   */
  Cleaner(
      RpcEndpoint endpoint,
      Transport worker,
      Store store,
      ViewHolder spaces,
      HashSpace former,
      LongFunction<RequestHistory> history,
      BackgroundThrottle throttle,
      Runnable cleaned) {
    this.endpoint = endpoint;
    this.main = endpoint.transport();
    this.worker = worker;
    this.store = store;
    this.self = spaces.self();
    this.spaces = spaces::current;
    this.former = former;
    this.history = history;
    this.throttle = throttle;
    this.cleaned = cleaned;
  }

  void start() {
    HashSpace write = spaces.get().write();
    ranged = write;
    kept = 0;
    List<HashRange> ranges =
        HashRange.where(hash -> !write.activeReplicas(hash).contains(self), write);
    double share = ranges.stream().mapToDouble(HashRange::share).sum();
    total = Math.round((store.liveCount() + store.tombstoneCount()) * Math.min(1, share));
    scanned = 0;
    position = ScanPosition.start(ranges);
    step();
  }

  void cancel() {
    cancelled = true;
  }

  MoveStatistics statistics() {
    return new MoveStatistics(Math.min(scanned, total), total, removed, 0);
  }

  private void step() {
    assert main.inLoop();
    if (cancelled || scanning) {
      return;
    }
    if (throttle.isPaused()) {
      scanning = true;
      main.schedule(ORDERED_PAUSE_NS, this::goOn);
      return;
    }
    HashSpaces now = spaces.get();
    if (now.rebalancing() || !now.write().isActive(self)) {
      finish();
    } else if (!now.write().sameNodes(ranged) || position.isDone()) {
      if (inFlight == 0) {
        nextPass(now);
      }
    } else if (inFlight < (throttled ? 1 : IN_FLIGHT)) {
      ScanPosition from = position;
      scanning = true;
      inFlight++;
      worker.execute(
          () -> {
            if (!worker.guard().run("cleaning", this, () -> scan(from, now.write()))) {
              scanLater(from);
            }
          });
    }
  }

  /** Looks again whether an operator lets records be removed. */
  private void goOn() {
    scanning = false;
    step();
  }

  private void nextPass(HashSpaces now) {
    if (now.write().sameNodes(ranged)) {
      endPass();
    } else {
      start();
    }
  }

  private void endPass() {
    if (kept == 0) {
      finish();
    } else {
      log.warn("{} records that belong elsewhere are not confirmed there; asking again", kept);
      main.schedule(
          AGAIN_NS,
          () -> {
            if (!cancelled) {
              start();
            }
          });
    }
  }

  private void finish() {
    cancelled = true;
    cleaned.run();
  }

  /** On the worker. */
  private void scan(ScanPosition from, HashSpace write) {
    assert worker.inLoop();
    List<NonOwnedRecord> found = new ArrayList<>();
    long[] visited = {0};
    try {
      ScanPosition next =
          from.scan(
              store,
              LIMITS,
              (rawKey, rawValue, valueLength) -> {
                visited[0]++;
                note(rawKey, rawValue, write, found);
                return true;
              });
      main.execute(() -> confirm(found, next, visited[0]));
    } catch (StoreException e) {
      log.error(
          LogId.MOVED_RECORDS_STAY,
          "what belongs elsewhere cannot be looked for: {}",
          e.getMessage());
      scanLater(from);
    }
  }

  private void scanLater(ScanPosition from) {
    main.schedule(AGAIN_NS, () -> confirm(List.of(), from, 0));
  }

  private void note(ByteBuf rawKey, ByteBuf rawValue, HashSpace write, List<NonOwnedRecord> found) {
    List<NodeAddress> owners = write.activeReplicas(rawKey.getLong(rawKey.readerIndex()));
    if (!owners.contains(self) && !owners.isEmpty()) {
      ByteBuf key = Unpooled.copiedBuffer(rawKey);
      boolean owned = former.activeReplicas(key.getLong(0)).contains(self);
      found.add(new NonOwnedRecord(key, rawValue.getLong(rawValue.readerIndex()), owners, owned));
    }
  }

  private void confirm(List<NonOwnedRecord> found, ScanPosition next, long visited) {
    scanning = false;
    if (cancelled) {
      return;
    }
    scanned += visited;
    position = next;
    if (found.isEmpty()) {
      inFlight--;
    } else {
      new Confirmation(
              endpoint, store, found, history, confirmed -> remove(found.size(), confirmed))
          .start();
    }
    step();
  }

  private void remove(int asked, List<NonOwnedRecord> confirmed) {
    kept += asked - confirmed.size();
    worker.execute(() -> remove(confirmed, new Removal()));
  }

  private void removed(long count, boolean nowThrottled) {
    removed += count;
    throttled = nowThrottled;
    inFlight--;
    step();
  }

  /** On the worker. A record that has changed since it was confirmed stays. */
  private void remove(List<NonOwnedRecord> confirmed, Removal removal) {
    assert worker.inLoop();
    long startNs = worker.time().nanoTime();
    worker.guard().run("cleaning", this, () -> removeAll(confirmed, removal));
    if (removal.busy) {
      removal.busy = false;
      worker.schedule(BUSY_NS, () -> remove(confirmed, removal));
      return;
    }
    long pauseNs = throttle.pauseNs(startNs, worker.time().nanoTime());
    main.schedule(pauseNs, () -> removed(removal.count, pauseNs > 0));
  }

  private void removeAll(List<NonOwnedRecord> confirmed, Removal removal) {
    try {
      for (; removal.next < confirmed.size(); removal.next++) {
        NonOwnedRecord record = confirmed.get(removal.next);
        removal.count += store.removeIf(record.key(), record.clockTime()) ? 1 : 0;
      }
    } catch (StoreException e) {
      removal.busy = e.code() == StoreException.Code.BUSY;
      if (!removal.busy) {
        log.error(
            LogId.MOVED_RECORDS_STAY,
            "what belongs elsewhere cannot be removed: {}",
            e.getMessage());
      }
    }
  }
}
