package io.kumo.core.transport;

/**
 * Work that is done again and again, a period after it was done before, whatever it throws.
 * Confined to the loop of its transport, except for its start.
 */
final class Repeating implements Runnable, Cancellable {
  private final Transport transport;
  private final long periodNs;
  private final String what;
  private final Runnable task;
  private boolean stopped;

  private Repeating(Transport transport, long periodNs, String what, Runnable task) {
    this.transport = transport;
    this.periodNs = periodNs;
    this.what = what;
    this.task = task;
  }

  static Cancellable start(Transport transport, long periodNs, String what, Runnable task) {
    Repeating repeating = new Repeating(transport, periodNs, what, task);
    transport.schedule(periodNs, repeating);
    return repeating;
  }

  /** What the task throws goes to the guard of the timer, when the next one has been set. */
  @Override
  public void run() {
    if (stopped) {
      return;
    }
    try {
      task.run();
    } finally {
      if (!stopped) {
        transport.schedule(periodNs, this);
      }
    }
  }

  @Override
  public void cancel() {
    stopped = true;
  }

  @Override
  public String toString() {
    return what;
  }
}
