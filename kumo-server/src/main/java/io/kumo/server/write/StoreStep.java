package io.kumo.server.write;

import io.kumo.core.transport.Cancellable;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.store.StoreException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One write to the store that is tried again while the store is busy, at most until its owner
 * cancels it at the deadline. Main loop only.
 */
public final class StoreStep {
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final WriteContext context;
  private final Runnable step;
  private @Nullable Cancellable pause;

  /**
   * @param step throws {@link StoreException} as the store does; run again after BUSY
   */
  public StoreStep(WriteContext context, Runnable step) {
    this.context = context;
    this.step = step;
  }

  /** Whether it waits to be tried again. */
  boolean isWaiting() {
    return pause != null;
  }

  /** The store refused: tries again soon if it was busy, and says whether it does. */
  public boolean triesAgainAfter(StoreException e) {
    if (e.code() != StoreException.Code.BUSY) {
      return false;
    }
    context.metrics().add(ServerMetric.STORE_BUSY);
    cancel();
    pause = context.transport().schedule(PAUSE_NS, this::again);
    return true;
  }

  private void again() {
    pause = null;
    step.run();
  }

  public void cancel() {
    if (pause != null) {
      pause.cancel();
      pause = null;
    }
  }
}
