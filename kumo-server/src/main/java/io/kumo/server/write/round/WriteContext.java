package io.kumo.server.write.round;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.AppliedRequest;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Transport;
import io.kumo.server.dedup.DedupCoverage;
import io.kumo.server.dedup.RequestIds;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.replica.ReplicaCaller;
import io.kumo.server.store.Store;
import io.kumo.server.view.ViewHolder;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What all writes of this server share.
 *
 * @param transport only for the time, timers and the way back to the main loop
 */
public record WriteContext(
    ViewHolder spaces,
    Store store,
    HybridClock clock,
    ReplicaCaller replicas,
    Transport transport,
    WriteLimits limits,
    Bookkeeping books,
    WriteRules rules) {

  /** By the sound rules. */
  public WriteContext(
      ViewHolder spaces,
      Store store,
      HybridClock clock,
      ReplicaCaller replicas,
      Transport transport,
      WriteLimits limits,
      Bookkeeping books) {
    this(spaces, store, clock, replicas, transport, limits, books, WriteRules.SOUND);
  }

  /**
   * What is kept about writes beside the records.
   *
   * @param coverage of which keys {@code requests} says all
   * @param tombstoneWatermark up to which ClockTime this server has dropped tombstones
   */
  public record Bookkeeping(
      RequestIds requests,
      DedupCoverage coverage,
      ServerMetrics metrics,
      LongSupplier tombstoneWatermark) {
    private static final int MAX_REQUESTS = 1 << 20;

    /**
     * For 10 s a gateway repeats a request, for as long the last repetition may wait here before it
     * is begun, and for as long it may have been on its way to a process that was paused.
     */
    private static final long KEEP_REQUESTS_NS = Duration.ofSeconds(30).toNanos();

    /** With an empty memory of requests. */
    public static Bookkeeping of(
        ViewHolder spaces,
        TimeSource time,
        ServerMetrics metrics,
        LongSupplier tombstoneWatermark) {
      DedupCoverage coverage =
          new DedupCoverage(spaces.self(), spaces.current(), KEEP_REQUESTS_NS, time.nanoTime());
      RequestIds requests =
          new RequestIds(MAX_REQUESTS, KEEP_REQUESTS_NS, () -> coverage.cutAll(time.nanoTime()));
      return new Bookkeeping(requests, coverage, metrics, tombstoneWatermark);
    }

    /** What to tell of a key whose record is handed to its owners. */
    public RequestHistory leftover(long hash, long nowNs) {
      return history(hash, coverage.isWholeOfLeftover(hash, nowNs));
    }

    private RequestHistory history(long hash, boolean remembersAll) {
      List<AppliedRequest> latest = requests.of(hash);
      return new RequestHistory(
          latest, remembersAll && latest.size() < RequestHistory.MAX_REQUESTS);
    }

    /** Records are gone without tombstones: what was remembered of them is true no more. */
    public void forgetRequests(long nowNs) {
      requests.forgetAll();
      coverage.cutAll(nowNs);
    }
  }

  /** Refusals before the hash spaces are taken from, or given to, the replica that refuses. */
  private static final int REFUSALS_BEFORE_HEARSAY = 4;

  /**
   * A replica refused this coordinator. The managers are about to tell whoever has the older hash
   * spaces, and what they tell says more: that nothing came in between. Only when they take long
   * does the older side take the newer from the other; and never while views count by votes.
   */
  public void fenced(NodeAddress replica, PublishedSpaces theirs, int failures) {
    metrics().add(ServerMetric.FENCED);
    if (failures < REFUSALS_BEFORE_HEARSAY || spaces.countsVotes()) {
      return;
    }
    spaces.offer(theirs);
    long ours = spaces.current().write().clockTime();
    if (ClockTime.isNewer(ours, theirs.spaces().write().clockTime())) {
      replicas.share(replica, spaces.view());
    }
  }

  public RequestIds requests() {
    return books.requests();
  }

  /** Whether {@link #requests} says of the key all that is to know. */
  public boolean remembersAll(long hash) {
    return books.coverage().isWhole(hash, nowNs());
  }

  /** What to tell of a key whose record goes elsewhere. */
  public RequestHistory history(long hash) {
    return books.history(hash, remembersAll(hash));
  }

  /** Takes over what came with a record. */
  public void remember(long hash, RequestHistory history) {
    for (AppliedRequest request : history.requests()) {
      books.requests().remember(request.id(), hash, request.clockTime(), nowNs());
    }
  }

  /** Whether the record that is here has this very value; borrows both. */
  public boolean isStored(ByteBuf rawKey, ByteBuf rawValue) {
    ByteBuf stored = store.get(rawKey);
    try {
      return rawValue.equals(stored);
    } finally {
      if (stored != null) {
        stored.release();
      }
    }
  }

  public ServerMetrics metrics() {
    return books.metrics();
  }

  public long nowNs() {
    return transport.time().nanoTime();
  }
}
