package io.kumo.server.lifecycle;

import io.kumo.core.bug.KnownBug;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ClusterView;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.transport.Transport;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.Sweeper;
import io.kumo.server.view.ViewHolder;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server does once a second: note up to where it is in step, and drop old tombstones.
 *
 * <p>Tombstones are dropped only while no server of either hash space is fault and every server has
 * removed, by the present write hash space, what it does not own; else a deleted record that
 * somebody still holds could come back. Decides on the main loop, writes on the worker.
 */
public final class Housekeeping {
  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

  private static final long PERIOD_NS = Duration.ofSeconds(1).toNanos();

  /** A session with a manager has to be so old before what it said counts as present. */
  private static final long FIRST_CONTACT_NS = Duration.ofSeconds(5).toNanos();

  private static final int MIN_SWEPT = 2000;
  private static final int SWEEP_SECONDS = 600;

  private final Transport main;
  private final Transport worker;
  private final Store store;
  private final ViewHolder spaces;
  private final Marks marks;
  private final HousekeepingTimes times;
  private final ManagerContact contact;
  private final long startNs;
  private Sweeper sweeper;
  private int sweptPerStep = MIN_SWEPT;
  private @Nullable Cancellable ticking;
  private final AtomicLong reclaimed = new AtomicLong();
  private boolean busy;

  /** Since it came in step; the worker's. */
  private boolean noted;

  public Housekeeping(
      Transport main,
      Transport worker,
      Store store,
      ViewHolder spaces,
      Marks marks,
      HousekeepingTimes times,
      ManagerContact contact) {
    this.main = main;
    this.worker = worker;
    this.store = store;
    this.spaces = spaces;
    this.marks = marks;
    this.times = times;
    this.contact = contact;
    this.startNs = main.time().nanoTime();
    this.sweeper = new Sweeper(store, marks::dropped, sweptPerStep);
  }

  public void start() {
    ticking = main.repeat(PERIOD_NS, "housekeeping", this::tick);
  }

  public void stop() {
    if (ticking != null) {
      ticking.cancel();
    }
  }

  /** Expired items dropped so far; any thread. */
  public long reclaimed() {
    return reclaimed.get();
  }

  private void tick() {
    assert main.inLoop();
    if (!busy) {
      boolean inStep = isInStep();
      boolean settled = isSettled();
      long seconds = main.time().unixMillis() / 1000;
      long inStepSeconds = inStep ? contact.agreedUnixMs() / 1000 : 0;
      busy = true;
      worker.execute(
          () -> {
            try {
              keep(inStepSeconds, settled, seconds);
            } finally {
              main.execute(() -> busy = false);
            }
          });
    }
  }

  /**
   * Whether every write of the cluster that concerned this server when a manager was last heard had
   * to reach it. A process that was killed still goes by the hash spaces of the one before it, and
   * a manager that has just started does not tell it better at once.
   */
  private boolean isInStep() {
    long nowNs = main.time().nanoTime();
    boolean active =
        spaces.current().write().isActive(spaces.self())
            && spaces.current().read().isActive(spaces.self());
    return active
        && spaces.isTrusted()
        && nowNs - startNs >= FIRST_CONTACT_NS
        && contact.heardWithin(times.contactNs(), nowNs);
  }

  private boolean isSettled() {
    ClusterView view = spaces.view();
    HashSpace write = view.spaces().write();
    if (KnownBug.TOMBSTONES_DROPPED_EARLY.isPlanted()) {
      return write.isActive(spaces.self());
    }
    return !write.isEmpty()
        && !view.spaces().rebalancing()
        && write.isActive(spaces.self())
        && write.nodes().stream().allMatch(Node::active)
        && view.extras().settledClockTime() == write.clockTime();
  }

  /** On the worker. */
  private void keep(long inStepSeconds, boolean settled, long seconds) {
    assert worker.inLoop();
    try {
      note(inStepSeconds);
      if (settled) {
        raiseDropMark(seconds);
        sweep();
      }
    } catch (StoreException e) {
      if (e.code() == StoreException.Code.BUSY) {
        return; // The next second goes on here.
      }
      log.warn("cannot note marks or drop tombstones: {}", e.getMessage());
    }
  }

  /**
   * What this server was given, and what it removed, when it came in step is to survive a power
   * loss before that is noted.
   *
   * @param inStepSeconds 0 when it is not
   */
  private void note(long inStepSeconds) {
    if (inStepSeconds == 0) {
      noted = false;
    } else if (noted) {
      marks.advanceInStep(inStepSeconds);
    } else {
      marks.comeInStep(inStepSeconds, () -> {});
      noted = true;
    }
  }

  /** In steps, as each is a disk sync. */
  private void raiseDropMark(long seconds) {
    if (KnownBug.TOMBSTONES_DROPPED_EARLY.isPlanted()) {
      sweeper = new Sweeper(store, () -> ClockTime.of(seconds - 1, 0), MIN_SWEPT);
      return;
    }
    long mark = seconds - times.tombstoneSeconds();
    long stepSeconds = Math.max(1, times.tombstoneSeconds() / 50);
    if (mark > 0
        && mark - ClockTime.seconds(marks.dropped()) >= stepSeconds
        && store.tombstoneCount() > 0) {
      marks.raiseDropped(ClockTime.of(mark, 0));
    }
  }

  /** All records in ten minutes, however many there are. */
  private void sweep() {
    long records = store.liveCount() + store.tombstoneCount();
    int wanted = (int) Math.min(1 << 20, Math.max(MIN_SWEPT, records / SWEEP_SECONDS));
    if (wanted > 2 * sweptPerStep) {
      sweptPerStep = wanted;
      sweeper = new Sweeper(store, marks::dropped, sweptPerStep);
    }
    long expiredBefore = sweeper.expired();
    sweeper.step();
    reclaimed.addAndGet(sweeper.expired() - expiredBefore);
  }
}
