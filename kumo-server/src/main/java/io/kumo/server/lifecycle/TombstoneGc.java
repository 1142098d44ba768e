package io.kumo.server.lifecycle;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.Store;
import io.kumo.server.store.Sweeper;
import java.util.function.Supplier;

/**
 * Drops old tombstones, and raises the tombstone GC watermark before it does.
 *
 * <p>Only while no server of either hash space is fault and every server has removed, by the
 * present write hash space, what it does not own; else a deleted record that somebody still holds
 * could come back.
 *
 * <p>Decides on the main loop, drops on the worker: each method says where it belongs.
 */
public final class TombstoneGc {
  private static final int MIN_SWEPT = 2000;
  private static final int SWEEP_SECONDS = 600;

  private final Store store;
  private final Watermarks watermarks;
  private final NodeAddress self;
  private final Supplier<PublishedSpaces> installed;
  private final long keepSeconds;
  private final LifecycleRules rules;
  private final ServerMetrics metrics;
  private Sweeper sweeper;
  private long collectedSeconds;
  private int sweptPerStep = MIN_SWEPT;

  /**
   * @param installed the installed view; asked on the main loop
   * @param keepSeconds age at which a tombstone is dropped ({@code -gX})
   */
  public TombstoneGc(
      Store store,
      Watermarks watermarks,
      NodeAddress self,
      Supplier<PublishedSpaces> installed,
      long keepSeconds,
      LifecycleRules rules,
      ServerMetrics metrics) {
    this.store = store;
    this.watermarks = watermarks;
    this.self = self;
    this.installed = installed;
    this.keepSeconds = keepSeconds;
    this.rules = rules;
    this.metrics = metrics;
    this.sweeper = new Sweeper(store, this::dropsUpTo, sweptPerStep);
  }

  private long dropsUpTo() {
    return rules.dropsUpTo(watermarks.tombstoneGc(), collectedSeconds);
  }

  /** Expired items dropped so far; any thread. */
  public long reclaimed() {
    return metrics.get(ServerMetric.EXPIRED_DROPPED);
  }

  /** Whether no server can hold a record that a tombstone of here is to keep deleted. Main loop. */
  boolean isDue() {
    return rules.mayDropTombstones(installed.get(), self);
  }

  /** One step. Worker. */
  void collect(long nowSeconds) {
    collectedSeconds = nowSeconds;
    raiseWatermark(nowSeconds);
    sweep();
  }

  /** In steps, as each is a disk sync. */
  private void raiseWatermark(long nowSeconds) {
    long seconds = nowSeconds - keepSeconds;
    long stepSeconds = Math.max(1, keepSeconds / 50);
    if (seconds > 0
        && seconds - ClockTime.seconds(watermarks.tombstoneGc()) >= stepSeconds
        && store.tombstoneCount() > 0) {
      watermarks.raiseTombstoneGc(ClockTime.of(seconds, 0));
    }
  }

  /** All records in ten minutes, however many there are. */
  private void sweep() {
    long records = store.liveCount() + store.tombstoneCount();
    int wanted = (int) Math.min(1 << 20, Math.max(MIN_SWEPT, records / SWEEP_SECONDS));
    if (wanted > 2 * sweptPerStep) {
      sweptPerStep = wanted;
      sweeper = new Sweeper(store, this::dropsUpTo, sweptPerStep);
    }
    long expiredBefore = sweeper.expired();
    sweeper.step();
    metrics.add(ServerMetric.EXPIRED_DROPPED, sweeper.expired() - expiredBefore);
  }
}
