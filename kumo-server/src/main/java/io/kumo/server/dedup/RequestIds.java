package io.kumo.server.dedup;

import io.kumo.core.protocol.AppliedRequest;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.repair.GiveWindow;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

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

  /** The highest number of a gateway's writes that was forgotten. */
  private static final class Mark {
    private final long gateway;
    private long upTo;

    Mark(long gateway, long upTo) {
      this.gateway = gateway;
      this.upTo = upTo;
    }
  }

  private final int maxEntries;
  private final long keepNs;
  private final Runnable forgotEarly;
  private final RequestLog log;
  private final HashChains byId;
  private final HashChains byHash;
  private final Map<Long, Mark> forgotten = new LinkedHashMap<>();
  private @Nullable Mark lastMark;

  /**
   * @param keepNs longer than a repeated request may come after the first
   * @param forgotEarly run whenever a request is forgotten before that, for want of room
   */
  public RequestIds(int maxEntries, long keepNs, Runnable forgotEarly) {
    this.maxEntries = maxEntries;
    this.keepNs = keepNs;
    this.forgotEarly = forgotEarly;
    log = new RequestLog(maxEntries);
    byId = new HashChains(log.byId());
    byHash = new HashChains(log.byHash());
  }

  /** What is known of the request; {@code NEW} for one without an id. */
  public Knowledge lookUp(RequestId id) {
    if (!id.isPresent()) {
      return Knowledge.NEW;
    }
    if (find(id) != HashChains.NONE) {
      return Knowledge.APPLIED;
    }
    Mark mark = markOf(id.gatewayIncarnation());
    boolean maybe = mark != null && Long.compareUnsigned(id.sequence(), mark.upTo) <= 0;
    return maybe ? Knowledge.FORGOTTEN : Knowledge.NEW;
  }

  /** Nearly always the last one, or none is there. */
  private @Nullable Mark markOf(long gateway) {
    Mark last = lastMark;
    if (last == null || last.gateway == gateway) {
      return last;
    }
    return forgotten.get(gateway);
  }

  private int find(RequestId id) {
    long gateway = id.gatewayIncarnation();
    int entry = byId.first(RequestLog.idHash(gateway, id.sequence()));
    while (entry != HashChains.NONE
        && (log.sequence(entry) != id.sequence() || log.incarnation(entry) != gateway)) {
      entry = byId.next(entry);
    }
    return entry;
  }

  /** Of a request that is remembered. */
  public long clockTime(RequestId id) {
    int entry = find(id);
    if (entry == HashChains.NONE) {
      throw new IllegalStateException("not remembered: " + id);
    }
    return log.clockTime(entry);
  }

  /** The write of a key with this hash was stored here. */
  public void remember(RequestId id, long hash, long clockTime, long nowNs) {
    if (!id.isPresent()) {
      return;
    }
    forgetOld(nowNs);
    int known = find(id);
    if (known != HashChains.NONE) {
      log.repeat(known, clockTime, nowNs);
      return;
    }
    int entry = log.add(id.gatewayIncarnation(), id.sequence(), hash, clockTime, nowNs);
    byId.add(entry);
    byHash.add(entry);
  }

  /**
   * The latest writes of keys with this hash that are remembered, oldest first, for a coordinator
   * that takes over.
   */
  public List<AppliedRequest> of(long hash) {
    ArrayDeque<AppliedRequest> latest = new ArrayDeque<>();
    int entry = byHash.first(hash);
    while (entry != HashChains.NONE && latest.size() < RequestHistory.MAX_REQUESTS) {
      if (log.hash(entry) == hash) {
        RequestId id = new RequestId(log.incarnation(entry), log.sequence(entry));
        latest.addFirst(new AppliedRequest(id, log.clockTime(entry)));
      }
      entry = byHash.next(entry);
    }
    return List.copyOf(latest);
  }

  /** A walk over what is remembered, beside writers; main loop only. */
  public final class Walk {
    private int next = log.oldest();

    private Walk() {}

    /**
     * Shows the next requests, oldest first.
     *
     * @param max to look at
     * @return whether more may follow
     */
    public boolean show(int max, LongPredicate ofHash, Consumer<GiveWindow.KeyRequest> shown) {
      for (int i = 0; i < max; i++) {
        if (!log.holds(next)) {
          if (next == log.end()) {
            return false;
          }
          next = log.oldest(); // What was next has been forgotten meanwhile.
        }
        if (ofHash.test(log.hash(next))) {
          RequestId id = new RequestId(log.incarnation(next), log.sequence(next));
          AppliedRequest request = new AppliedRequest(id, log.clockTime(next));
          shown.accept(new GiveWindow.KeyRequest(log.hash(next), request));
        }
        next = log.after(next);
      }
      return true;
    }
  }

  /** Begins with the oldest. */
  public Walk walk() {
    return new Walk();
  }

  public int size() {
    return log.size();
  }

  /** As if all of them had become too old. */
  public void forgetAll() {
    while (log.size() > 0) {
      forgetOldest();
    }
  }

  private void forgetOld(long nowNs) {
    while (log.size() > 0) {
      int oldest = log.oldest();
      boolean due = nowNs - log.rememberedNs(oldest) > keepNs;
      if (!due && log.size() < maxEntries) {
        return;
      }
      if (!due) {
        forgotEarly.run();
      }
      forgetOldest();
    }
  }

  private void forgetOldest() {
    int oldest = log.oldest();
    mark(log.incarnation(oldest), log.sequence(oldest));
    log.removeOldest();
  }

  private void mark(long gateway, long sequence) {
    Mark last = lastMark;
    if (last == null || last.gateway != gateway) {
      last = forgotten.remove(gateway);
      last = last == null ? new Mark(gateway, sequence) : last;
      forgotten.put(gateway, last);
      lastMark = last;
      if (forgotten.size() > MAX_GATEWAYS) {
        Iterator<Long> eldest = forgotten.keySet().iterator();
        eldest.next();
        eldest.remove();
      }
    }
    if (Long.compareUnsigned(sequence, last.upTo) > 0) {
      last.upTo = sequence;
    }
  }
}
