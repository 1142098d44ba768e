package io.kumo.server.watch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The keys that come most often in a stream, in bounded memory: the space-saving sketch of
 * Metwally, Agrawal and El Abbadi (2005). A key that is not among the {@value #MAX_KEYS} takes the
 * place, and the counts, of one that came least; so counts are never too low, and too high by no
 * more than the least count that is kept. The arrays fit into the first cache: a look at all of
 * them takes no longer than a hash table would. Confined to one thread.
 */
final class HotKeys {
  static final int MAX_KEYS = 256;

  private final long[] hashes = new long[MAX_KEYS];
  private final long[] reads = new long[MAX_KEYS];
  private final long[] writes = new long[MAX_KEYS];
  private final String[] keys = new String[MAX_KEYS];
  private int size;

  /** A key, and how often it came at most. */
  record Entry(String key, long reads, long writes) {
    private long count() {
      return reads + writes;
    }
  }

  /** Names a key, which is done only for one that comes in. */
  interface Name {
    String text();
  }

  /** Counts a read or a write of the key with this hash. */
  void add(long hash, boolean write, Name name) {
    int at = indexOf(hash);
    if (at < 0) {
      at = size < MAX_KEYS ? size++ : least();
      hashes[at] = hash;
      keys[at] = name.text();
    }
    if (write) {
      writes[at]++;
    } else {
      reads[at]++;
    }
  }

  private int indexOf(long hash) {
    for (int i = 0; i < size; i++) {
      if (hashes[i] == hash) {
        return i;
      }
    }
    return -1;
  }

  private int least() {
    int least = 0;
    for (int i = 1; i < size; i++) {
      if (reads[i] + writes[i] < reads[least] + writes[least]) {
        least = i;
      }
    }
    return least;
  }

  /** Those that came most, at most so many; the most frequent first. */
  List<Entry> top(int max) {
    List<Entry> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      all.add(new Entry(keys[i], reads[i], writes[i]));
    }
    all.sort(Comparator.comparingLong(Entry::count).reversed());
    return all.subList(0, Math.min(max, all.size()));
  }
}
