package io.kumo.server.dedup;

import java.util.Arrays;

/**
 * Entries of a {@link RequestLog} by hash, each bucket a chain that begins with its newest. It
 * grows bucket by bucket (linear hashing), so no entry ever waits for a whole table to be built
 * anew. Confined to one thread.
 *
 * <p>Invariants: bucket b holds the entries whose hash ends in b's bits, of which there is one more
 * for the buckets that were split in this round. Nothing is ever taken out: behind the first entry
 * that the log holds no more there are only others like it, and the chain ends there. A number that
 * has come to name a newer entry ends it, too.
 */
final class HashChains {
  /** Where entries keep what their chains need. Entries are numbers that are never negative. */
  interface Links {
    /** Counts from the oldest entry that is held; negative when this one is not held any more. */
    int position(int entry);

    int held();

    long hash(int entry);

    int next(int entry);

    void setNext(int entry, int next);
  }

  static final int NONE = -1;

  private static final int CHUNK_LOG = 10;
  private static final int CHUNK_MASK = (1 << CHUNK_LOG) - 1;
  private static final int FIRST_BUCKETS = 64;
  private static final int MAX_BUCKETS = 1 << 24;

  private final Links links;
  private int[][] heads = {emptyChunk()};
  private int buckets = FIRST_BUCKETS;

  HashChains(Links links) {
    this.links = links;
  }

  private static int[] emptyChunk() {
    int[] chunk = new int[1 << CHUNK_LOG];
    Arrays.fill(chunk, NONE);
    return chunk;
  }

  private int bucket(long hash) {
    int powerOfTwo = Integer.highestOneBit(buckets);
    int bucket = (int) hash & (2 * powerOfTwo - 1);
    return bucket < buckets ? bucket : bucket - powerOfTwo;
  }

  /** The newest entry in the bucket of a hash, {@link #NONE} for none. */
  int first(long hash) {
    int bucket = bucket(hash);
    int head = heads[bucket >>> CHUNK_LOG][bucket & CHUNK_MASK];
    return head != NONE && links.position(head) >= 0 ? head : NONE;
  }

  /** The entry before this one in its bucket, {@link #NONE} for none. */
  int next(int entry) {
    int next = links.next(entry);
    if (next == NONE) {
      return NONE;
    }
    int position = links.position(next);
    return position >= 0 && position < links.position(entry) ? next : NONE;
  }

  /** Adds the entry that is the newest in the log. */
  void add(int entry) {
    if (links.held() > buckets && buckets < MAX_BUCKETS) {
      split();
    }
    int bucket = bucket(links.hash(entry));
    int[] chunk = heads[bucket >>> CHUNK_LOG];
    links.setNext(entry, chunk[bucket & CHUNK_MASK]);
    chunk[bucket & CHUNK_MASK] = entry;
  }

  /** Shares the entries of the next bucket in turn between it and a new one. */
  private void split() {
    int added = buckets;
    int source = added - Integer.highestOneBit(added);
    int entry = first(source);
    buckets++;
    if (added >>> CHUNK_LOG == heads.length) {
      heads = Arrays.copyOf(heads, heads.length + 1);
      heads[heads.length - 1] = emptyChunk();
    }
    heads[source >>> CHUNK_LOG][source & CHUNK_MASK] = NONE;
    int lastOfSource = NONE;
    int lastOfAdded = NONE;
    while (entry != NONE && isIn(entry, source, added)) {
      int next = next(entry);
      if (bucket(links.hash(entry)) == added) {
        append(added, lastOfAdded, entry);
        lastOfAdded = entry;
      } else {
        append(source, lastOfSource, entry);
        lastOfSource = entry;
      }
      entry = next;
    }
  }

  private boolean isIn(int entry, int source, int added) {
    int bucket = bucket(links.hash(entry));
    return bucket == source || bucket == added;
  }

  private void append(int bucket, int last, int entry) {
    links.setNext(entry, NONE);
    if (last == NONE) {
      heads[bucket >>> CHUNK_LOG][bucket & CHUNK_MASK] = entry;
    } else {
      links.setNext(last, entry);
    }
  }
}
