package io.kumo.server.view;

import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.ClockReading;
import io.kumo.core.vote.Lease;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * From when until when a server's leases are enough, by both of its clocks: what {@link
 * io.kumo.core.vote.LeaseHolder#hasLease} answers, worked out once for all requests until the
 * leases or views change. Immutable.
 *
 * @param untilNs by the monotonic clock; this moment does not belong to it
 * @param fromMs by the wall clock
 * @param untilMs by the wall clock; this moment does not belong to it
 */
record LeaseSpan(long untilNs, long fromMs, long untilMs) {
  /** Never: by the wall clock it ends before it begins. */
  static final LeaseSpan NONE = new LeaseSpan(0, 0, 0);

  /**
   * The longest that the leases allow: the newest of them that are enough together.
   *
   * @param installed {@link ClusterView#NONE} when views have not counted by votes before
   */
  static LeaseSpan of(Lease lease, ClusterView installed, ClusterView noted) {
    List<Map.Entry<Voter, ClockReading>> newestFirst =
        lease.since().entrySet().stream()
            .sorted(
                Comparator.comparing(
                    (Map.Entry<Voter, ClockReading> entry) -> -entry.getValue().nanos()))
            .toList();
    long lengthMs = noted.settings().leaseMs();
    LeaseSpan span = new LeaseSpan(Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE);
    Set<Voter> from = new TreeSet<>();
    for (Map.Entry<Voter, ClockReading> grant : newestFirst) {
      from.add(grant.getKey());
      span = span.within(grant.getValue(), lengthMs);
      if (suffices(from, installed, noted)) {
        return span;
      }
    }
    return NONE;
  }

  private static boolean suffices(Set<Voter> from, ClusterView installed, ClusterView noted) {
    boolean first = installed.isNone();
    return noted.voters().meetsEveryQuorum(from)
        && (first || installed.voters().meetsEveryQuorum(from));
  }

  private LeaseSpan within(ClockReading sent, long lengthMs) {
    return new LeaseSpan(
        Math.min(untilNs, sent.nanos() + lengthMs * 1_000_000),
        Math.max(fromMs, sent.unixMs()),
        Math.min(untilMs, sent.unixMs() + lengthMs));
  }

  boolean contains(long nowNs, long nowMs) {
    return nowMs >= fromMs && nowMs < untilMs && nowNs - untilNs < 0;
  }
}
