package io.kumo.server.replicate;

import java.util.Arrays;

/**
 * Numbered entries by hash: those of one bucket form a queue, oldest first. It grows bucket by
 * bucket (linear hashing), so no entry ever waits for a whole table to be built anew; the links lie
 * with the entries. Confined to one thread.
 *
 * <p>Invariants: bucket b holds the entries whose hash ends in b's bits, of which there are one
 * more for the buckets that were split in this round; entries leave a bucket in the order in which
 * they came, from its front.
 */
final class HashQueues {
  /** Where an entry keeps what its queue needs. */
  interface Links {
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
  private int[][] heads = {new int[1 << CHUNK_LOG]};
  private int[][] tails = {new int[1 << CHUNK_LOG]};
  private int buckets = FIRST_BUCKETS;
  private int size;

  HashQueues(Links links) {
    this.links = links;
    Arrays.fill(heads[0], NONE);
  }

  private int bucket(long hash) {
    int powerOfTwo = Integer.highestOneBit(buckets);
    int bucket = (int) hash & (2 * powerOfTwo - 1);
    return bucket < buckets ? bucket : bucket - powerOfTwo;
  }

  /** The oldest entry in the bucket of a hash; others follow by {@link Links#next}. */
  int first(long hash) {
    int bucket = bucket(hash);
    return heads[bucket >>> CHUNK_LOG][bucket & CHUNK_MASK];
  }

  void add(int entry) {
    if (size >= buckets && buckets < MAX_BUCKETS) {
      split();
    }
    append(bucket(links.hash(entry)), entry);
    size++;
  }

  /** Takes out an entry that no other of its bucket is older than. */
  void removeFirst(int entry) {
    int bucket = bucket(links.hash(entry));
    int[] chunk = heads[bucket >>> CHUNK_LOG];
    if (chunk[bucket & CHUNK_MASK] != entry) {
      throw new IllegalStateException("entry " + entry + " is not the oldest of its bucket");
    }
    chunk[bucket & CHUNK_MASK] = links.next(entry);
    size--;
  }

  private void append(int bucket, int entry) {
    int chunk = bucket >>> CHUNK_LOG;
    int at = bucket & CHUNK_MASK;
    links.setNext(entry, NONE);
    if (heads[chunk][at] == NONE) {
      heads[chunk][at] = entry;
    } else {
      links.setNext(tails[chunk][at], entry);
    }
    tails[chunk][at] = entry;
  }

  /** Gives the entries of the next bucket in turn to it and to a new one. */
  private void split() {
    int added = buckets++;
    int chunk = added >>> CHUNK_LOG;
    if (chunk == heads.length) {
      heads = Arrays.copyOf(heads, chunk + 1);
      tails = Arrays.copyOf(tails, chunk + 1);
      heads[chunk] = new int[1 << CHUNK_LOG];
      tails[chunk] = new int[1 << CHUNK_LOG];
      Arrays.fill(heads[chunk], NONE);
    }
    int source = added - Integer.highestOneBit(added);
    int entry = heads[source >>> CHUNK_LOG][source & CHUNK_MASK];
    heads[source >>> CHUNK_LOG][source & CHUNK_MASK] = NONE;
    while (entry != NONE) {
      int next = links.next(entry);
      append(bucket(links.hash(entry)), entry);
      entry = next;
    }
  }
}
