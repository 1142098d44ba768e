package io.kumo.core.net;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.guard.Guard;
import io.kumo.core.metrics.LoopDelays;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/** The timer of one event loop whose lateness {@link LoopDelays} tells. Confined to the loop. */
final class LoopWatch implements Runnable {
  private static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private final EventExecutor loop;
  private final TimeSource time = TimeSource.system();
  private long dueNs;

  private LoopWatch(EventExecutor loop) {
    this.loop = loop;
  }

  /** From now on, until the loop is shut down; any thread. */
  static void begin(EventExecutor loop) {
    LoopWatch watch = new LoopWatch(loop);
    loop.execute(watch::again);
  }

  private void again() {
    if (!loop.isShuttingDown()) {
      dueNs = time.nanoTime() + PERIOD_NS;
      loop.schedule(this, PERIOD_NS, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void run() {
    Guard.ofProcess().run("watch of a loop", this, this::measure);
    again();
  }

  private void measure() {
    LoopDelays.ofProcess().add(Math.max(0, time.nanoTime() - dueNs));
  }
}
