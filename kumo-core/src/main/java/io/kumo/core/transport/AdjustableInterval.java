package io.kumo.core.transport;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A time between repetitions that may be changed while they run, as by an operator. Confined to the
 * loop, but for the time before it runs.
 */
public final class AdjustableInterval {
  private long ns;
  private final Set<Repetition> running = new LinkedHashSet<>();

  public AdjustableInterval(long ns) {
    this.ns = ns;
  }

  public long ns() {
    return ns;
  }

  /** What runs is repeated after the new time from now on. */
  public void change(long newNs) {
    ns = newNs;
    running.forEach(Repetition::restart);
  }

  /**
   * As {@link Transport#repeat}, so many times in this interval, whatever that is.
   *
   * @param what is repeated, for log lines
   */
  public Cancellable repeat(Transport transport, int times, String what, Runnable task) {
    Repetition repetition = new Repetition(transport, times, what, task);
    running.add(repetition);
    repetition.restart();
    return repetition;
  }

  private final class Repetition implements Cancellable {
    private final Transport transport;
    private final int times;
    private final String what;
    private final Runnable task;
    private Cancellable timer = () -> {};

    Repetition(Transport transport, int times, String what, Runnable task) {
      this.transport = transport;
      this.times = times;
      this.what = what;
      this.task = task;
    }

    void restart() {
      timer.cancel();
      timer = transport.repeat(ns / times, what, task);
    }

    @Override
    public void cancel() {
      timer.cancel();
      running.remove(this);
    }
  }
}
