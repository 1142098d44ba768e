package io.kumo.server.dedup;

import io.kumo.core.protocol.repair.GiveWindow;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.view.ViewHolder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Of which keys this server remembers every request whose trace its record bears, as far back as a
 * gateway repeats requests. Of the others a repeated request that is not remembered may have been
 * applied all the same.
 *
 * <p>The memory of a key is cut short when this server was not one of its replicas, when the record
 * came from elsewhere without its requests, and when requests were forgotten for want of room. It
 * is made whole by a replica whose memory is, by the server that copied the record and tells of its
 * requests afterwards, or by time. Thread-safe: records come in on the stream loop.
 */
public final class DedupCoverage {
  private static final int MAX_KEYS = 1 << 16;
  private static final int MAX_PAST = 64;

  /** After more changes of the hash spaces nothing is told of ranges. */
  private static final int MAX_TOLD_PAST = 8;

  /** Hash spaces that were installed, until when. */
  private record Past(HashSpaces spaces, long untilNs) {}

  private final NodeAddress self;
  private final long keepNs;
  private final Deque<Past> past = new ArrayDeque<>();
  private final Map<Long, Long> cuts = new LinkedHashMap<>();
  private final Map<Long, Long> wholes = new LinkedHashMap<>();
  private final CopiedRecords copied = new CopiedRecords();
  private HashSpaces current;
  private long allCutNs;
  private boolean begins;

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
    return isReplica(current, hash) && isWhole(hash, nowNs, true);
  }

  /**
   * The same of a record that this server may be no replica of any more: nothing has come to it
   * since.
   */
  public synchronized boolean isWholeOfLeftover(long hash, long nowNs) {
    return isWhole(hash, nowNs, true);
  }

  /**
   * @param exceptions whether to look at keys of their own, or at the range that the hash is in
   */
  private boolean isWhole(long hash, long nowNs, boolean exceptions) {
    Long whole = exceptions ? wholes.get(hash) : null;
    long knownNs = whole == null ? nowNs - keepNs : whole;
    long sinceNs = copied.wholeSince(hash, knownNs, exceptions);
    Long cut = exceptions ? cuts.get(hash) : null;
    return sinceNs - allCutNs >= 0
        && (cut == null || sinceNs - cut >= 0)
        && !copied.isCut(hash, knownNs, exceptions)
        && !hasReturned(hash, sinceNs);
  }

  /** Whether this server has become a replica of the key since, after a time as none. */
  private boolean hasReturned(long hash, long sinceNs) {
    boolean replica = isReplica(current, hash);
    for (Iterator<Past> newest = past.descendingIterator(); newest.hasNext(); ) {
      Past before = newest.next();
      if (sinceNs - before.untilNs() >= 0) {
        return false;
      }
      boolean was = isReplica(before.spaces(), hash);
      if (replica && !was) {
        return true;
      }
      replica |= was;
    }
    return false;
  }

  private boolean isReplica(HashSpaces spaces, long hash) {
    return spaces.write().activeReplicas(hash).contains(self)
        || (spaces.rebalancing() && spaces.owners(hash).contains(self));
  }

  /**
   * What to tell a server to which records of these ranges were copied; null when too much has
   * happened for that.
   */
  public synchronized GiveWindow.@Nullable Coverage coverage(List<HashRange> given, long nowNs) {
    copied.forgetBefore(nowNs - keepNs);
    Set<Long> except = new HashSet<>();
    cuts.forEach(
        (hash, cutNs) -> {
          if (cutNs - (nowNs - keepNs) > 0) {
            except.add(hash);
          }
        });
    copied.exceptions(except);
    except.removeIf(hash -> isWhole(hash, nowNs, true));
    List<HashRange> whole = past.size() > MAX_TOLD_PAST ? List.of() : wholeRanges(given, nowNs);
    if (except.size() > GiveWindow.MAX_HASHES
        || given.size() > GiveWindow.MAX_RANGES
        || whole.size() > GiveWindow.MAX_RANGES) {
      return null;
    }
    return new GiveWindow.Coverage(given, whole, List.copyOf(except));
  }

  private List<HashRange> wholeRanges(List<HashRange> given, long nowNs) {
    NavigableSet<Long> ends = new TreeSet<>(Long::compareUnsigned);
    addEnds(current, ends);
    past.forEach(before -> addEnds(before.spaces(), ends));
    copied.ends(ends);
    List<HashRange> whole = new ArrayList<>();
    for (HashRange range : given) {
      long from = range.from();
      for (long end : ends.subSet(range.from(), true, range.to(), false)) {
        addWhole(whole, new HashRange(from, end), nowNs);
        from = end + 1;
      }
      addWhole(whole, new HashRange(from, range.to()), nowNs);
    }
    return whole;
  }

  private void addWhole(List<HashRange> whole, HashRange part, long nowNs) {
    if (!isReplica(current, part.to()) || !isWhole(part.to(), nowNs, false)) {
      return;
    }
    int last = whole.size() - 1;
    if (last >= 0 && whole.get(last).to() + 1 == part.from()) {
      whole.set(last, new HashRange(whole.get(last).from(), part.to()));
    } else {
      whole.add(part);
    }
  }

  private static void addEnds(HashSpaces spaces, NavigableSet<Long> ends) {
    spaces.write().dump().forEach(point -> ends.add(point.hash()));
    spaces.read().dump().forEach(point -> ends.add(point.hash()));
  }

  /**
   * A record of a key with this hash has come in a copy, or is about to.
   *
   * @param giver whose {@link #told} says more, later
   */
  public synchronized void arrived(NodeAddress giver, long hash, long nowNs) {
    wholes.remove(hash);
    copied.arrived(giver, hash, nowNs);
  }

  /** A giver of records has told of all requests behind them that it knows. */
  public synchronized void told(NodeAddress giver, GiveWindow.Coverage coverage, long nowNs) {
    copied.forgetBefore(nowNs - keepNs);
    copied.told(giver, coverage, nowNs);
  }

  /**
   * No cluster was before the view that is about to be installed, and this server has no record: no
   * record bears a request.
   */
  public synchronized void clusterBegins(long nowNs) {
    if (current.write().nodes().isEmpty() && past.isEmpty()) {
      begins = true;
      allCutNs = nowNs - keepNs;
    }
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
    copied.forgetWords();
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
    if (begins) {
      begins = false;
      current = next;
      return;
    }
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
