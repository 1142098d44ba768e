package io.kumo.server.dedup;

import io.kumo.core.protocol.repair.GiveWindow;
import io.kumo.core.ring.NodeAddress;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;

/**
 * Records that have come in streams, and what their givers have said of the requests behind them.
 * Under the lock of {@link DedupCoverage}.
 *
 * <p>A record that comes from a server bears requests that only that one may know: its key is cut
 * until the giver has told which ranges it knows all of. From then on the giver's word counts, for
 * these ranges and for the others in which it has given records; a key that it gave is whole when
 * nobody else has given it something whose requests are not known.
 *
 * <p>Bounds: keys and givers' words of the time for which requests are remembered, so many; beyond
 * that all keys of a giver are cut, and its word is not taken.
 */
final class CopiedRecords {
  private static final int MAX_KEYS = 1 << 16;
  private static final int MAX_WORDS = 256;

  /** What came from one giver since it told of its requests. */
  private static final class Arrivals {
    final Map<Long, Long> keys = new HashMap<>();
    boolean all;
    long lastNs;
  }

  /** What one giver has told. */
  private record Word(long atNs, RangeSet given, RangeSet whole, Set<Long> except) {
    boolean isWhole(long hash, boolean exceptions) {
      return whole.contains(hash) && !(exceptions && except.contains(hash));
    }
  }

  private final Map<NodeAddress, Arrivals> arrivals = new HashMap<>();
  private final Deque<Word> words = new ArrayDeque<>();
  private int keys;

  /** A record of this hash has come from a giver, or is about to. */
  void arrived(NodeAddress giver, long hash, long nowNs) {
    Arrivals from = arrivals.computeIfAbsent(giver, g -> new Arrivals());
    from.lastNs = nowNs;
    if (!from.all && from.keys.put(hash, nowNs) == null) {
      keys++;
      if (keys > MAX_KEYS) {
        from.all = true;
        keys -= from.keys.size();
        from.keys.clear();
      }
    }
  }

  /** A giver tells of all that it gave up to now; its requests have been told before. */
  void told(NodeAddress giver, GiveWindow.Coverage coverage, long nowNs) {
    if (words.size() >= MAX_WORDS) {
      return;
    }
    Arrivals from = arrivals.remove(giver);
    keys -= from == null ? 0 : from.keys.size();
    words.add(
        new Word(
            nowNs,
            new RangeSet(coverage.given()),
            new RangeSet(coverage.whole()),
            new HashSet<>(coverage.except())));
  }

  /** Forgets what nobody asks for any more. */
  void forgetBefore(long ns) {
    while (!words.isEmpty() && words.element().atNs - ns < 0) {
      words.remove();
    }
    arrivals
        .values()
        .removeIf(
            from -> {
              boolean old = from.lastNs - ns < 0;
              keys -= old ? from.keys.size() : 0;
              return old;
            });
  }

  /**
   * Since when all requests of a key are known by a giver's word, if that is later.
   *
   * @param exceptions whether to look at keys of their own, or at the range that the hash is in
   */
  long wholeSince(long hash, long sinceNs, boolean exceptions) {
    long since = sinceNs;
    for (Word word : words) {
      if (word.atNs - since > 0 && word.isWhole(hash, exceptions)) {
        since = word.atNs;
      }
    }
    return since;
  }

  /** Whether the key's record came, after that moment, with requests that nobody has told. */
  boolean isCut(long hash, long sinceNs, boolean exceptions) {
    for (Arrivals from : arrivals.values()) {
      boolean met = from.all || (exceptions && from.keys.getOrDefault(hash, sinceNs) - sinceNs > 0);
      if (met && from.lastNs - sinceNs > 0) {
        return true;
      }
    }
    for (Word word : words) {
      if (word.atNs - sinceNs > 0 && word.given.contains(hash) && !word.isWhole(hash, exceptions)) {
        return true;
      }
    }
    return false;
  }

  /** Adds the keys of which a range says nothing. */
  void exceptions(Collection<Long> hashes) {
    arrivals.values().forEach(from -> hashes.addAll(from.keys.keySet()));
    words.forEach(word -> hashes.addAll(word.except));
  }

  /** Adds where what is known of ranges may change. */
  void ends(NavigableSet<Long> ends) {
    for (Word word : words) {
      word.given.addEnds(ends);
      word.whole.addEnds(ends);
    }
  }

  /** What givers have told counts no more. */
  void forgetWords() {
    words.clear();
  }
}
