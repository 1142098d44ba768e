package io.kumo.manager.membership;

import io.kumo.core.ring.NodeAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Says which nodes are due a keepalive and which have been silent for too long: three keepalives in
 * a row without an answer. Confined to one thread; the time comes in.
 *
 * <p>When checks themselves come late, this process was paused or is starved, and hears nobody as
 * it should: that time is not held against the nodes. A pause counts for nothing, however long it
 * was; a machine that starves it all the time at most doubles the patience with a node, or nobody
 * would ever be lost there.
 */
public final class FailureDetector {
  /** Unanswered keepalives after which a node counts as lost. */
  public static final int MISSED_LIMIT = 3;

  /** How often {@link #check} is to be called within one keepalive interval. */
  public static final int CHECKS_PER_INTERVAL = 8;

  /**
   * What a check found.
   *
   * @param due to be sent a keepalive now
   * @param lost silent for too long, and no longer watched
   */
  public record Verdict(List<NodeAddress> due, List<NodeAddress> lost) {}

  private static final class Watched {
    long heardNs;
    long nextPingNs;
    long forgivenNs;

    Watched(long heardNs, long nextPingNs) {
      this.heardNs = heardNs;
      this.nextPingNs = nextPingNs;
    }
  }

  private long intervalNs;
  private final Map<NodeAddress, Watched> watched = new HashMap<>();
  private long lastCheckNs;

  public FailureDetector(long intervalNs, long nowNs) {
    this.intervalNs = enough(intervalNs);
    this.lastCheckNs = nowNs;
  }

  private static long enough(long intervalNs) {
    if (intervalNs < CHECKS_PER_INTERVAL) {
      throw new IllegalArgumentException("intervalNs must be greater: " + intervalNs);
    }
    return intervalNs;
  }

  /** Every node counts as heard just now: it has not been asked as often as it should be. */
  public void setIntervalNs(long newIntervalNs, long nowNs) {
    intervalNs = enough(newIntervalNs);
    lastCheckNs = nowNs;
    watched.replaceAll((node, entry) -> new Watched(nowNs, nowNs));
  }

  /** Between keepalives. */
  public long intervalNs() {
    return intervalNs;
  }

  /** How long a node may be silent. */
  public long patienceNs() {
    return MISSED_LIMIT * intervalNs;
  }

  /** From now on the node has to answer. */
  public void watch(NodeAddress node, long nowNs) {
    watch(node, nowNs, patienceNs());
  }

  /** The node has to answer, for the first time within {@code graceNs}. */
  public void watch(NodeAddress node, long nowNs, long graceNs) {
    watched.put(node, new Watched(nowNs + graceNs - patienceNs(), nowNs));
  }

  public void unwatch(NodeAddress node) {
    watched.remove(node);
  }

  public boolean watches(NodeAddress node) {
    return watched.containsKey(node);
  }

  /**
   * The node has answered, or sent anything else.
   *
   * @param whenNs may lie in the past
   */
  public void heard(NodeAddress node, long whenNs) {
    Watched entry = watched.get(node);
    if (entry != null && whenNs - entry.heardNs > 0) {
      entry.heardNs = whenNs;
      entry.forgivenNs = 0;
    }
  }

  /** Whether all but the last of the keepalives that a node may miss have gone unanswered. */
  public boolean isLate(NodeAddress node, long nowNs) {
    Watched entry = watched.get(node);
    return entry != null && nowNs - entry.heardNs >= patienceNs() - intervalNs;
  }

  public Verdict check(long nowNs) {
    long lateNs = nowNs - lastCheckNs - intervalNs / CHECKS_PER_INTERVAL;
    lastCheckNs = nowNs;
    if (lateNs > intervalNs) {
      watched.values().forEach(entry -> entry.heardNs += lateNs);
    } else if (lateNs > intervalNs / CHECKS_PER_INTERVAL) {
      watched.values().forEach(entry -> forgive(entry, lateNs));
    }
    Verdict verdict = new Verdict(new ArrayList<>(), new ArrayList<>());
    watched.forEach((node, entry) -> judge(node, entry, nowNs, verdict));
    verdict.lost().forEach(watched::remove);
    return verdict;
  }

  private void forgive(Watched entry, long lateNs) {
    long forgivenNs = Math.min(lateNs, patienceNs() - entry.forgivenNs);
    entry.forgivenNs += forgivenNs;
    entry.heardNs += forgivenNs;
  }

  private void judge(NodeAddress node, Watched entry, long nowNs, Verdict verdict) {
    if (nowNs - entry.heardNs >= patienceNs()) {
      verdict.lost().add(node);
    } else if (nowNs - entry.nextPingNs >= 0) {
      entry.nextPingNs = nowNs + intervalNs;
      verdict.due().add(node);
    }
  }
}
