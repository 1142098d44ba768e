package io.kumo.server.replicate;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.ClusterView;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Transport;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.Store;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What all writes of this server share.
 *
 * @param transport only for the time, timers and the way back to the main loop
 */
public record WriteContext(
    HashSpaceHolder spaces,
    Store store,
    HybridClock clock,
    ReplicaCaller replicas,
    Transport transport,
    WriteLimits limits,
    Bookkeeping books) {

  /**
   * What is kept about writes beside the records.
   *
   * @param dropMark up to which ClockTime this server has dropped tombstones
   */
  public record Bookkeeping(RequestIds requests, ServerMetrics metrics, LongSupplier dropMark) {
    private static final int MAX_REQUESTS = 1 << 20;

    /** Twice the time for which a gateway repeats a request. */
    private static final long KEEP_REQUESTS_NS = Duration.ofSeconds(20).toNanos();

    /** With an empty memory of requests. */
    public static Bookkeeping of(ServerMetrics metrics, LongSupplier dropMark) {
      return new Bookkeeping(new RequestIds(MAX_REQUESTS, KEEP_REQUESTS_NS), metrics, dropMark);
    }
  }

  /** Refusals before the hash spaces are taken from, or given to, the replica that refuses. */
  private static final int REFUSALS_BEFORE_HEARSAY = 4;

  /**
   * A replica refused this coordinator. The managers are about to tell whoever has the older hash
   * spaces, and what they tell says more: that nothing came in between. Only when they take long
   * does the older side take the newer from the other.
   */
  void fenced(NodeAddress replica, ClusterView theirs, int failures) {
    metrics().add(ServerMetric.FENCED);
    if (failures < REFUSALS_BEFORE_HEARSAY) {
      return;
    }
    spaces.offer(theirs);
    long ours = spaces.current().write().clockTime();
    if (ClockTime.isNewer(ours, theirs.spaces().write().clockTime())) {
      replicas.share(replica, spaces.view());
    }
  }

  RequestIds requests() {
    return books.requests();
  }

  ServerMetrics metrics() {
    return books.metrics();
  }

  long nowNs() {
    return transport.time().nanoTime();
  }
}
