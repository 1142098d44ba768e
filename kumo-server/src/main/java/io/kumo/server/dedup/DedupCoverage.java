package io.kumo.server.dedup;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.view.ViewHolder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Of which keys this server remembers every request whose trace its record bears, as far back as a
 * gateway repeats requests. Of the others a repeated request that is not remembered may have been
 * applied all the same.
 *
 * <p>The memory of a key is cut short when this server was not one of its replicas, when the record
 * came from elsewhere without its requests, and when requests were forgotten for want of room. It
 * is made whole by a replica whose memory is, or by time. Thread-safe: records come in on the
 * stream loop.
 */
public final class DedupCoverage {
  private static final int MAX_KEYS = 1 << 16;
  private static final int MAX_PAST = 64;

  /** Hash spaces that were installed, until when. */
  private record Past(HashSpaces spaces, long untilNs) {}

  private final NodeAddress self;
  private final long keepNs;
  private final Deque<Past> past = new ArrayDeque<>();
  private final Map<Long, Long> cuts = new LinkedHashMap<>();
  private final Map<Long, Long> wholes = new LinkedHashMap<>();
  private HashSpaces current;
  private long allCutNs;

  /**
   * @param keepNs how long requests are remembered
   */
  public DedupCoverage(NodeAddress self, HashSpaces current, long keepNs, long nowNs) {
    this.self = self;
    this.current = current;
    this.keepNs = keepNs;
    this.allCutNs = nowNs;
  }

  /** Whether every request of the last while is remembered that the key's record bears. */
  public synchronized boolean isWhole(long hash, long nowNs) {
    Long whole = wholes.get(hash);
    long sinceNs = whole == null ? nowNs - keepNs : whole;
    if (sinceNs - allCutNs < 0 || !isReplica(current, hash)) {
      return false;
    }
    Long cut = cuts.get(hash);
    if (cut != null && sinceNs - cut < 0) {
      return false;
    }
    for (Past before : past) {
      if (sinceNs - before.untilNs() < 0 && !isReplica(before.spaces(), hash)) {
        return false;
      }
    }
    return true;
  }

  private boolean isReplica(HashSpaces spaces, long hash) {
    return spaces.write().activeReplicas(hash).contains(self)
        || (spaces.rebalancing() && spaces.owners(hash).contains(self));
  }

  /** The record of a key with this hash has come, or is about to, without its requests. */
  public synchronized void cut(long hash, long nowNs) {
    wholes.remove(hash);
    cuts.remove(hash);
    cuts.put(hash, nowNs);
    if (cuts.size() > MAX_KEYS) {
      allCutNs = nowNs;
      cuts.clear();
    }
  }

  /** Requests were forgotten before their time. */
  public synchronized void cutAll(long nowNs) {
    allCutNs = nowNs;
    cuts.clear();
    wholes.clear();
  }

  /** All requests of the key were learnt from a replica whose memory is whole. */
  public synchronized void completed(long hash, long nowNs) {
    wholes.remove(hash);
    wholes.put(hash, nowNs);
    if (wholes.size() > MAX_KEYS) {
      wholes.remove(wholes.keySet().iterator().next());
    }
  }

  /**
   * Another view is installed.
   *
   * @param continuous as in {@link ViewHolder.Dispatch}
   */
  public synchronized void viewInstalled(HashSpaces next, boolean continuous, long nowNs) {
    boolean writeChanged = !next.write().sameNodes(current.write());
    if (writeChanged || !next.read().sameNodes(current.read())) {
      past.add(new Past(current, nowNs));
    }
    if (!continuous) {
      HashSpaces nothing = new HashSpaces(HashSpace.EMPTY, HashSpace.EMPTY);
      past.add(new Past(nothing, nowNs));
    }
    current = next;
    while (!past.isEmpty() && nowNs - past.getFirst().untilNs() > keepNs) {
      past.removeFirst();
    }
    if (past.size() > MAX_PAST) {
      past.clear();
      cutAll(nowNs);
    }
  }
}
