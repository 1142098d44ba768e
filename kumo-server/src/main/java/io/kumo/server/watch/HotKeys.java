package io.kumo.server.watch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that come most often in a stream, in bounded memory: the space-saving sketch of
 * Metwally, Agrawal and El Abbadi (2005). A key that is not among the {@value #MAX_KEYS} takes the
 * place, and the counts, of one that came least; so counts are never too low, and too high by no
 * more than the least count that is kept. Confined to one thread.
 */
final class HotKeys {
  static final int MAX_KEYS = 256;

  /** A key that is counted. */
  static final class Entry {
    private final String key;
    private long reads;
    private long writes;

    private Entry(String key, long reads, long writes) {
      this.key = key;
      this.reads = reads;
      this.writes = writes;
    }

    String key() {
      return key;
    }

    long reads() {
      return reads;
    }

    long writes() {
      return writes;
    }

    private long count() {
      return reads + writes;
    }
  }

  /** Names a key, which is done only for one that comes in. */
  interface Name {
    String text();
  }

  private final Map<Long, Entry> byHash = new HashMap<>();

  /** Counts a read or a write of the key with this hash. */
  void add(long hash, boolean write, Name name) {
    Entry entry = byHash.get(hash);
    if (entry == null) {
      entry = enter(hash, name);
    }
    if (write) {
      entry.writes++;
    } else {
      entry.reads++;
    }
  }

  private Entry enter(long hash, Name name) {
    long reads = 0;
    long writes = 0;
    if (byHash.size() >= MAX_KEYS) {
      Map.Entry<Long, Entry> least = least();
      reads = least.getValue().reads;
      writes = least.getValue().writes;
      byHash.remove(least.getKey());
    }
    Entry entered = new Entry(name.text(), reads, writes);
    byHash.put(hash, entered);
    return entered;
  }

  private Map.Entry<Long, Entry> least() {
    Comparator<Map.Entry<Long, Entry>> byCount =
        Comparator.comparingLong(entry -> entry.getValue().count());
    return byHash.entrySet().stream().min(byCount).orElseThrow();
  }

  /** Those that came most, at most so many; the most frequent first. */
  List<Entry> top(int max) {
    List<Entry> all = new ArrayList<>(byHash.values());
    all.sort(Comparator.comparingLong(Entry::count).reversed());
    return all.subList(0, Math.min(max, all.size()));
  }
}
