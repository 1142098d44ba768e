package io.kumo.tools.bench.workload;

/** Which keys are asked for how often. */
public enum KeyDistribution {
  /** All alike. */
  UNIFORM,
  /** The n-th most popular key 1/n^0.99 as often as the first, as in YCSB. */
  ZIPF,
  /** One after the other, over and over; each thread begins elsewhere. */
  SEQUENTIAL;

  public static final double ZIPF_EXPONENT = 0.99;

  /** For one thread of {@code threads}. */
  KeyChooser chooser(long keys, int thread, int threads) {
    return switch (this) {
      case UNIFORM -> random -> random.nextLong(keys);
      case ZIPF -> new ZipfChooser(keys, ZIPF_EXPONENT);
      case SEQUENTIAL -> {
        long[] next = {keys * thread / threads};
        yield random -> next[0]++ % keys;
      }
    };
  }
}
