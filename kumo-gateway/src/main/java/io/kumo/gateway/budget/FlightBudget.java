package io.kumo.gateway.budget;

import io.kumo.core.protocol.Limits;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import java.util.ArrayDeque;

/**
 * The bytes that all connections of one event loop make it hold: requests under way with the values
 * that they brought or expect, unfinished requests, unread replies.
 *
 * <p>Invariants: a request that may make it hold much begins only below three quarters of the
 * whole, a small one also above, so that those who ask little are served while others hold much;
 * who waits is let go on in the order of asking, those first who hold nothing yet. Confined to its
 * event loop.
 */
public final class FlightBudget {
  /** Somebody who waits for others to hold less; asks at most once at a time. */
  public interface RoomWaiter {
    /** Bytes that it will make the gateway hold next. */
    long wantedBytes();

    /** Whether that is what a read finds. */
    boolean wantsRead();

    /** There is room: it looks itself whether there is still. */
    void resume();
  }

  private final long maxBytes;
  private final long largeBytes;
  private final GatewayMetrics metrics;
  private final ArrayDeque<RoomWaiter> small = new ArrayDeque<>();
  private final ArrayDeque<RoomWaiter> modest = new ArrayDeque<>();
  private final ArrayDeque<RoomWaiter> waiting = new ArrayDeque<>();
  private long bytes;
  private long asked;

  public FlightBudget(long maxBytes, GatewayMetrics metrics) {
    this.maxBytes = maxBytes;
    this.largeBytes = maxBytes - maxBytes / 4;
    this.metrics = metrics;
  }

  /** Counts that so many bytes more, or fewer, are held. */
  public void add(long change) {
    if (change != 0) {
      bytes += change;
      metrics.add(GatewayMetric.BYTES_IN_FLIGHT, change);
    }
  }

  /** Bytes held now. */
  public long bytes() {
    return bytes;
  }

  /** Whether so many bytes more may be held, when it can be helped. */
  public boolean allows(long more) {
    return excess(more) <= 0;
  }

  /** Whether a read may begin that so many bytes are expected of. */
  public boolean allowsRead(long more) {
    return allows(more) && asked + counted(more) <= Limits.ASKED_BYTES;
  }

  /**
   * Counts a read that begins, or with a negative number one that is over: what is expected of it.
   */
  public void asked(long change) {
    long counted = change < 0 ? -counted(-change) : counted(change);
    if (counted != 0) {
      asked += counted;
      metrics.add(GatewayMetric.BYTES_ASKED, counted);
      metrics.add(GatewayMetric.LARGE_READS, counted > 0 ? 1 : 0);
    }
  }

  /** Small reads count for nothing, and one that is larger than all may be for as much as that. */
  private static long counted(long bytes) {
    return bytes <= Limits.SMALL_VALUE_BYTES ? 0 : Math.min(bytes, Limits.ASKED_BYTES);
  }

  /** Bytes that must be given up before so many more may be held. */
  public long excess(long more) {
    return bytes
        + Math.min(more, largeBytes)
        - (more <= Limits.SMALL_VALUE_BYTES ? maxBytes : largeBytes);
  }

  /** How far above the bound it would be with so many bytes more; not positive when it is not. */
  public long overflow(long more) {
    return bytes + more - maxBytes;
  }

  /** What is freed beyond the need when the bound is reached, so that it is not at once again. */
  public long margin() {
    return maxBytes / 16;
  }

  /** What may be held because clients do not go on, while others wait. */
  public long blameable() {
    return maxBytes / 4;
  }

  /** What each of so many connections may hold when they share fairly. */
  public long share(int connections) {
    return Math.max(Limits.SMALL_VALUE_BYTES, largeBytes / Math.max(1, connections));
  }

  /**
   * Has the waiter resumed once there is room for what it wants; who wants little goes first.
   *
   * @param holdsNothing whether it goes before those that hold something already
   */
  public void await(RoomWaiter waiter, boolean holdsNothing) {
    boolean little = waiter.wantedBytes() <= Limits.SMALL_VALUE_BYTES;
    metrics.add(GatewayMetric.READ_WAITS, waiter.wantsRead() && !little ? 1 : 0);
    (little ? small : holdsNothing ? modest : waiting).add(waiter);
  }

  /** It waits no more. */
  public void forget(RoomWaiter waiter) {
    small.remove(waiter);
    modest.remove(waiter);
    waiting.remove(waiter);
  }

  /** What the first in the queue wants; 0 when nobody waits. */
  public long wantedBytes() {
    RoomWaiter first = queue().peek();
    return first == null ? 0 : Math.max(1, first.wantedBytes());
  }

  private ArrayDeque<RoomWaiter> queue() {
    if (!small.isEmpty()) {
      return small;
    }
    return modest.isEmpty() ? waiting : modest;
  }

  /** Lets those go on that wait, as far as there is room. */
  public void resumeWaiting() {
    long promised = 0;
    for (int n = small.size() + modest.size() + waiting.size(); n > 0; n--) {
      long wanted = wantedBytes();
      boolean fits = !queue().element().wantsRead() || allowsRead(promised + wanted);
      if (!fits || !allows(promised + wanted)) {
        return;
      }
      promised += wanted;
      queue().remove().resume();
    }
  }
}
