package io.kumo.server.lifecycle;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.Store;
import io.kumo.server.store.Sweeper;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Drops old tombstones, and raises the tombstone GC watermark before it does.
 *
 * <p>Only while no server of either hash space is fault and every server has removed, by the
 * present write hash space, what it does not own; and only up to a ClockTime on which all of them
 * agree: one that cannot be heard, or has not yet made the replicas of its keys equal, may hold a
 * record that would come back.
 *
 * <p>Decides on the main loop, drops on the worker: each method says where it belongs.
 */
public final class TombstoneGc {
  /** Asks everybody, this server too, whether tombstones may go. */
  public interface Agreement {
    /**
     * Main loop.
     *
     * @param write the installed write hash space
     * @param clockTime of the newest tombstone that is to go
     * @param told given the answer once, at once or later
     */
    void seek(HashSpace write, long clockTime, Consumer<Boolean> told);
  }

  private static final int MIN_SWEPT = 2000;
  private static final int SWEEP_SECONDS = 600;

  private final Store store;
  private final Watermarks watermarks;
  private final NodeAddress self;
  private final Supplier<PublishedSpaces> installed;
  private final long keepSeconds;
  private final LifecycleRules rules;
  private final ServerMetrics metrics;
  private final Agreement agreement;

  /** The main loop's. */
  private boolean seeking;

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
      ServerMetrics metrics,
      Agreement agreement) {
    this.store = store;
    this.watermarks = watermarks;
    this.self = self;
    this.installed = installed;
    this.keepSeconds = keepSeconds;
    this.rules = rules;
    this.metrics = metrics;
    this.agreement = agreement;
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

  /** In steps, as each is a question to everybody and a disk sync. Main loop. */
  void seekAgreement(long nowSeconds) {
    long seconds = nowSeconds - keepSeconds;
    long stepSeconds = Math.max(1, keepSeconds / 50);
    if (!seeking
        && seconds > 0
        && seconds - ClockTime.seconds(watermarks.claimedTombstoneGc()) >= stepSeconds
        && store.tombstoneCount() > 0) {
      seeking = true;
      HashSpace write = installed.get().spaces().write();
      long clockTime = ClockTime.of(seconds, 0);
      agreement.seek(write, clockTime, agreed -> told(write, clockTime, agreed));
    }
  }

  /** Who returns by a later view has to be told of it: it is claimed before that is installed. */
  private void told(HashSpace write, long clockTime, boolean agreed) {
    seeking = false;
    if (!agreed) {
      metrics.add(ServerMetric.TOMBSTONE_GC_REFUSED);
    } else if (isDue() && installed.get().spaces().write().clockTime() == write.clockTime()) {
      watermarks.claimTombstoneGc(clockTime);
    }
  }

  /** One step. Worker. */
  void collect(long nowSeconds) {
    collectedSeconds = nowSeconds;
    watermarks.raiseTombstoneGc();
    sweep();
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
