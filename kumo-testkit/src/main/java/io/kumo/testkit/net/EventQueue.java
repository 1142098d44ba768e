package io.kumo.testkit.net;

import io.kumo.core.transport.Cancellable;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time: what is to happen, in the order of its time, ties in the order of scheduling.
 * Nothing else moves the time. Confined to one thread.
 */
public final class EventQueue {
  private static final class Scheduled implements Cancellable, Comparable<Scheduled> {
    final long atNs;
    final long sequence;
    @Nullable Runnable action;

    Scheduled(long atNs, long sequence, Runnable action) {
      this.atNs = atNs;
      this.sequence = sequence;
      this.action = action;
    }

    @Override
    public void cancel() {
      action = null;
    }

    @Override
    public int compareTo(Scheduled other) {
      int byTime = Long.compare(atNs, other.atNs);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  private final PriorityQueue<Scheduled> events = new PriorityQueue<>();
  private long nowNs;
  private long nextSequence;
  private long steps;

  public long nowNs() {
    return nowNs;
  }

  /** Events run so far. */
  public long steps() {
    return steps;
  }

  public Cancellable schedule(long delayNs, Runnable action) {
    Scheduled event = new Scheduled(nowNs + Math.max(0, delayNs), nextSequence++, action);
    events.add(event);
    return event;
  }

  /** Runs the next event; false when there is none. */
  public boolean step() {
    Scheduled event = events.poll();
    if (event == null) {
      return false;
    }
    nowNs = event.atNs;
    Runnable action = event.action;
    if (action != null) {
      steps++;
      action.run();
    }
    return true;
  }

  /** Runs all events of the next {@code durationNs}; the time has then advanced by just that. */
  public void runFor(long durationNs) {
    long untilNs = nowNs + durationNs;
    while (!events.isEmpty() && events.peek().atNs <= untilNs) {
      step();
    }
    nowNs = untilNs;
  }
}
