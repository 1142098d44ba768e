package io.kumo.server.lifecycle;

import io.kumo.core.transport.Cancellable;
import io.kumo.core.transport.Transport;
import io.kumo.server.store.StoreException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the applied watermark raised and tombstones dropped once a second, one second's work at a
 * time: decided on the main loop, done on the worker.
 */
public final class Housekeeping {
  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

  private static final long PERIOD_NS = Duration.ofSeconds(1).toNanos();

  private final Transport main;
  private final Transport worker;
  private final WatermarkKeeper keeper;
  private final TombstoneGc gc;
  private @Nullable Cancellable ticking;
  private boolean busy;

  public Housekeeping(Transport main, Transport worker, WatermarkKeeper keeper, TombstoneGc gc) {
    this.main = main;
    this.worker = worker;
    this.keeper = keeper;
    this.gc = gc;
  }

  public void start() {
    ticking = main.repeat(PERIOD_NS, "housekeeping", this::tick);
  }

  public void stop() {
    if (ticking != null) {
      ticking.cancel();
    }
  }

  private void tick() {
    assert main.inLoop();
    if (!busy) {
      long appliedSeconds = keeper.appliedSeconds();
      boolean gcIsDue = gc.isDue();
      long nowSeconds = main.time().unixMillis() / 1000;
      if (gcIsDue) {
        gc.seekAgreement(nowSeconds);
      }
      busy = true;
      worker.execute(
          () -> {
            try {
              work(appliedSeconds, gcIsDue, nowSeconds);
            } finally {
              main.execute(() -> busy = false);
            }
          });
    }
  }

  private void work(long appliedSeconds, boolean gcIsDue, long nowSeconds) {
    assert worker.inLoop();
    try {
      keeper.keep(appliedSeconds);
      if (gcIsDue) {
        gc.collect(nowSeconds);
      }
    } catch (StoreException e) {
      if (e.code() == StoreException.Code.BUSY) {
        return; // The next second goes on here.
      }
      log.warn("cannot note watermarks or drop tombstones: {}", e.getMessage());
    }
  }
}
