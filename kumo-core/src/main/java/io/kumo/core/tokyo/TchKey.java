package io.kumo.core.tokyo;

import java.util.Arrays;

/** How Tokyo Cabinet places a key: in a bucket, and there in a binary tree. */
final class TchKey {
  private static final long BUCKET_SEED = 19780211;
  private static final int BUCKET_FACTOR = 37;
  private static final int TREE_SEED = 751;
  private static final int TREE_FACTOR = 31;

  private TchKey() {}

  /** The index of the bucket, 0 to {@code buckets} - 1. */
  static long bucket(byte[] key, long buckets) {
    long hash = BUCKET_SEED;
    for (byte b : key) {
      hash = hash * BUCKET_FACTOR + (b & 0xff);
    }
    return Long.remainderUnsigned(hash, buckets);
  }

  /** The second hash, 0 to 255, by which the tree in a bucket is ordered first. */
  static int treeHash(byte[] key) {
    int hash = TREE_SEED;
    for (int i = key.length - 1; i >= 0; i--) {
      hash = (hash * TREE_FACTOR) ^ (key[i] & 0xff);
    }
    return hash & 0xff;
  }

  /** The order within one second hash: shorter keys first, then by bytes. */
  static int compare(byte[] a, byte[] b) {
    return a.length == b.length
        ? Arrays.compareUnsigned(a, b)
        : Integer.compare(a.length, b.length);
  }
}
