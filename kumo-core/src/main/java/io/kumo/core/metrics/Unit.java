package io.kumo.core.metrics;

/**
 * In what a {@link Histogram} shows the values that {@link Buckets} have counted, and the bounds
 * that it shows them by.
 */
public enum Unit {
  /** Microseconds, shown as seconds: two bounds to each doubling, from 32 us to 8.4 s. */
  MICROSECONDS(5, 23, 2) {
    @Override
    public double shown(long value) {
      return value / 1e6;
    }

    /** Parts of a microsecond are not counted, so that what is below is not above. */
    @Override
    double upper(long bound) {
      return shown(bound);
    }
  },
  /** A number of things, shown as it is: one bound to each doubling, up to 64 Ki. */
  THINGS(0, 16, 1) {
    @Override
    public double shown(long value) {
      return value;
    }

    @Override
    double upper(long bound) {
      return bound - 1;
    }
  };

  @SuppressWarnings("ImmutableEnumChecker") // written by nobody
  private final long[] bounds;

  Unit(int leastBits, int greatestBits, int perDoubling) {
    bounds = new long[perDoubling * (greatestBits - leastBits) + 1];
    for (int i = 0; i < bounds.length; i++) {
      long power = 1L << (leastBits + i / perDoubling);
      bounds[i] = i % perDoubling == 0 ? power : power + power / 2;
    }
  }

  /** What a value of the buckets, or the sum of several, is outside. */
  public abstract double shown(long value);

  /** The greatest value, as it is shown, of those that are less than a bound. */
  abstract double upper(long bound);

  /** Growing; what is counted below one is less than it. In what the buckets count. */
  long[] bounds() {
    return bounds.clone();
  }
}
