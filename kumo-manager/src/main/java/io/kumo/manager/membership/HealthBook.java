package io.kumo.manager.membership;

import io.kumo.core.ring.NodeAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What connected servers have said last of what keeps them from serving. They repeat it: what has
 * not been for a while is over, however its end was lost; but not because this process was paused.
 * Confined to one thread; the time comes in.
 */
public final class HealthBook {
  /** Repetitions after which something is over. */
  private static final int MISSED_LIMIT = 4;

  private record Report(boolean full, Set<NodeAddress> unreachable, long heardNs) {}

  private static final Report WELL = new Report(false, Set.of(), 0);

  private final long intervalNs;
  private final Map<NodeAddress, Report> reports = new TreeMap<>();
  private long lookedNs;
  private long pausedNs;

  /**
   * @param intervalNs in which servers repeat what they say
   */
  public HealthBook(long intervalNs, long nowNs) {
    this.intervalNs = intervalNs;
    this.lookedNs = nowNs;
  }

  /** In place of what the server said before. */
  public void reported(
      NodeAddress server, boolean full, Collection<NodeAddress> unreachable, long nowNs) {
    reports.put(server, new Report(full, new TreeSet<>(unreachable), nowNs));
  }

  /**
   * Forgets what is not repeated any more; to be called several times in an interval.
   *
   * @return the time without this process's pauses: while it is paused nobody tells it what is over
   */
  public long look(long nowNs) {
    long pauseNs = nowNs - lookedNs - intervalNs;
    lookedNs = nowNs;
    if (pauseNs > 0) {
      pausedNs += pauseNs;
      reports.replaceAll(
          (server, r) -> new Report(r.full(), r.unreachable(), r.heardNs() + pauseNs));
    }
    reports.values().removeIf(report -> nowNs - report.heardNs() >= MISSED_LIMIT * intervalNs);
    return nowNs - pausedNs;
  }

  /** The session with the server has ended. */
  public void forget(NodeAddress server) {
    reports.remove(server);
  }

  /** Whether its disk is full. */
  public boolean isFull(NodeAddress server) {
    return reports.getOrDefault(server, WELL).full();
  }

  /** Those among the others to or from which nothing gets through, as either of them says. */
  public Set<NodeAddress> cutFrom(NodeAddress server, Collection<NodeAddress> others) {
    return others.stream()
        .filter(other -> cannotHear(server, other) || cannotHear(other, server))
        .collect(Collectors.toSet());
  }

  private boolean cannotHear(NodeAddress server, NodeAddress other) {
    return reports.getOrDefault(server, WELL).unreachable().contains(other);
  }
}
