package io.kumo.core.route;

import io.kumo.core.transport.Transport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Attempts that wait: for their back-off to pass, or for the hash spaces to change, whichever comes
 * first. One timer serves all. Confined to its event loop; bounded by the commands in flight.
 */
final class RetryQueue {
  private static final long FIRST_BACKOFF_NS = 20_000_000;
  private static final long MAX_BACKOFF_NS = 1_000_000_000;

  private record WaitingCall(long dueNs, KeyCall call) {}

  private final Transport transport;
  private final RandomGenerator random;
  private final PriorityQueue<WaitingCall> waiting =
      new PriorityQueue<>(Comparator.comparingLong(WaitingCall::dueNs));
  private long timerDueNs = Long.MAX_VALUE;

  RetryQueue(Transport transport, RandomGenerator random) {
    this.transport = transport;
    this.random = random;
  }

  /**
   * Has the call try again after a back-off: doubling from 20 ms to a second with the waits that it
   * has had, between half and all of it.
   */
  void add(KeyCall call, int waits) {
    assert transport.inLoop();
    long ceiling = Math.min(MAX_BACKOFF_NS, FIRST_BACKOFF_NS << Math.min(waits, 10));
    long delayNs = ceiling / 2 + random.nextLong(ceiling / 2 + 1);
    long nowNs = transport.time().nanoTime();
    long dueNs = Math.min(nowNs + delayNs, call.deadlineNs());
    waiting.add(new WaitingCall(dueNs, call));
    startTimer(dueNs, nowNs);
  }

  private void startTimer(long dueNs, long nowNs) {
    if (dueNs < timerDueNs) {
      timerDueNs = dueNs;
      transport.schedule(dueNs - nowNs, () -> expired(dueNs));
    }
  }

  private void expired(long timerNs) {
    if (timerNs != timerDueNs) {
      return;
    }
    timerDueNs = Long.MAX_VALUE;
    long nowNs = transport.time().nanoTime();
    List<KeyCall> due = new ArrayList<>();
    while (!waiting.isEmpty() && waiting.element().dueNs() <= nowNs) {
      due.add(waiting.remove().call());
    }
    due.forEach(call -> transport.guard().run("attempt", call, call::attempt));
    if (!waiting.isEmpty()) {
      startTimer(waiting.element().dueNs(), nowNs);
    }
  }

  /** The hash spaces have changed: whoever waits may find what it wants now. */
  void wakeAll() {
    endAll(KeyCall::wake);
  }

  /** Whoever waits has nothing left to try. */
  void failAll() {
    endAll(KeyCall::fail);
  }

  private void endAll(Consumer<KeyCall> next) {
    List<WaitingCall> all = List.copyOf(waiting);
    waiting.clear();
    for (WaitingCall entry : all) {
      transport.guard().run("attempt", entry.call(), () -> next.accept(entry.call()));
    }
  }

  int size() {
    return waiting.size();
  }
}
