package io.kumo.core.metrics;

/**
 * How many values of which size {@link Buckets} have counted. Immutable by agreement: nobody writes
 * to the counts.
 *
 * @param counts by bucket
 * @param sum of all values, in their unit
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and hundreds of boxes would cost more
public record Distribution(long[] counts, long sum) {
  /** Nothing was counted. */
  public static final Distribution EMPTY = new Distribution(new long[Buckets.COUNT], 0);

  /** How many values there are. */
  public long count() {
    long count = 0;
    for (long bucket : counts) {
      count += bucket;
    }
    return count;
  }

  /** These and those of another. */
  public Distribution plus(Distribution other) {
    long[] all = counts.clone();
    for (int i = 0; i < all.length; i++) {
      all[i] += other.counts[i];
    }
    return new Distribution(all, sum + other.sum);
  }

  /** How many values are less than a bound that is the {@linkplain Buckets#floor floor} of one. */
  long below(long bound) {
    long count = 0;
    for (int i = 0; i < counts.length && Buckets.floor(i) < bound; i++) {
      count += counts[i];
    }
    return count;
  }
}
