package io.kumo.server.replicate;

import io.kumo.core.protocol.AppliedRequest;
import io.kumo.core.protocol.FetchResult;
import io.kumo.core.protocol.RequestId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The writes of the last while, by the ids that gateways gave them, so that a repeated request is
 * answered and not applied again. Main loop only.
 *
 * <p>Every server remembers what it stored, as a coordinator or as a replica. The memory is bounded
 * in time and in number. What falls out of it leaves a mark: of a gateway whose write number n was
 * forgotten, a write up to n that is not remembered may have been applied, and nobody can tell.
 */
public final class RequestIds {
  /** What is known of a request. */
  public enum Knowledge {
    /** Never seen, and if it had been it would be remembered. */
    NEW,
    /** Applied; {@link RequestIds#clockTime} says with which ClockTime. */
    APPLIED,
    /** Perhaps applied, so long ago, or among so many others, that it was forgotten. */
    FORGOTTEN
  }

  private static final int MAX_GATEWAYS = 1 << 12;

  private record Applied(long hash, long clockTime, long rememberedNs) {}

  private final int maxEntries;
  private final long keepNs;
  private final Map<RequestId, Applied> applied = new LinkedHashMap<>();
  private final Map<Long, Set<RequestId>> byHash = new HashMap<>();
  private final Map<Long, Long> forgotten = new LinkedHashMap<>();

  /**
   * @param keepNs twice the longest time for which a gateway repeats a request
   */
  public RequestIds(int maxEntries, long keepNs) {
    this.maxEntries = maxEntries;
    this.keepNs = keepNs;
  }

  /** What is known of the request; {@code NEW} for one without an id. */
  public Knowledge lookUp(RequestId id) {
    if (!id.isPresent()) {
      return Knowledge.NEW;
    }
    if (applied.containsKey(id)) {
      return Knowledge.APPLIED;
    }
    Long upTo = forgotten.get(id.gatewayIncarnation());
    boolean maybe = upTo != null && Long.compareUnsigned(id.sequence(), upTo) <= 0;
    return maybe ? Knowledge.FORGOTTEN : Knowledge.NEW;
  }

  /** Of a request that is remembered. */
  public long clockTime(RequestId id) {
    Applied found = applied.get(id);
    if (found == null) {
      throw new IllegalStateException("not remembered: " + id);
    }
    return found.clockTime();
  }

  /** The write of a key with this hash was stored here. */
  public void remember(RequestId id, long hash, long clockTime, long nowNs) {
    if (!id.isPresent()) {
      return;
    }
    forgetOld(nowNs);
    if (applied.put(id, new Applied(hash, clockTime, nowNs)) == null) {
      byHash.computeIfAbsent(hash, h -> new LinkedHashSet<>(2)).add(id);
    }
  }

  /**
   * The latest writes of keys with this hash that are remembered, for a coordinator that takes
   * over.
   */
  public List<AppliedRequest> of(long hash) {
    Set<RequestId> ids = byHash.get(hash);
    if (ids == null) {
      return List.of();
    }
    return ids.stream()
        .skip(Math.max(0, ids.size() - FetchResult.MAX_REQUESTS))
        .map(id -> new AppliedRequest(id, clockTime(id)))
        .toList();
  }

  public int size() {
    return applied.size();
  }

  private void forgetOld(long nowNs) {
    Iterator<Map.Entry<RequestId, Applied>> oldestFirst = applied.entrySet().iterator();
    while (oldestFirst.hasNext()) {
      Map.Entry<RequestId, Applied> oldest = oldestFirst.next();
      boolean due = nowNs - oldest.getValue().rememberedNs() > keepNs;
      if (!due && applied.size() < maxEntries) {
        return;
      }
      oldestFirst.remove();
      forget(oldest.getKey(), oldest.getValue());
    }
  }

  private void forget(RequestId id, Applied entry) {
    Set<RequestId> ids = byHash.get(entry.hash());
    if (ids != null && ids.remove(id) && ids.isEmpty()) {
      byHash.remove(entry.hash());
    }
    Long upTo = forgotten.remove(id.gatewayIncarnation());
    boolean higher = upTo == null || Long.compareUnsigned(id.sequence(), upTo) > 0;
    forgotten.put(id.gatewayIncarnation(), higher ? id.sequence() : upTo);
    if (forgotten.size() > MAX_GATEWAYS) {
      Iterator<Long> eldest = forgotten.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }
}
