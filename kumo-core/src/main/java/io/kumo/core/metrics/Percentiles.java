package io.kumo.core.metrics;

import java.math.BigDecimal;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a share of the values of a {@link Histogram} did not exceed, read from its {@linkplain
 * Histogram#samples samples}. Immutable.
 */
public final class Percentiles {
  private final NavigableMap<Double, Long> upTo;
  private final long count;

  private Percentiles(NavigableMap<Double, Long> upTo, long count) {
    this.upTo = upTo;
    this.count = count;
  }

  /**
   * Of what came between two looks.
   *
   * @param before samples of the first; without the histogram all values count
   * @param now samples of the second
   */
  public static Percentiles between(
      Map<String, Long> before, Map<String, Long> now, String histogram) {
    NavigableMap<Double, Long> earlier = bounds(before, histogram);
    NavigableMap<Double, Long> later = bounds(now, histogram);
    NavigableMap<Double, Long> upTo = new TreeMap<>();
    later.forEach((bound, below) -> upTo.put(bound, below - upTo(earlier, bound)));
    long count = count(now, histogram) - count(before, histogram);
    return count < 0 ? new Percentiles(later, count(now, histogram)) : new Percentiles(upTo, count);
  }

  /** How many values there are. */
  public long count() {
    return count;
  }

  /**
   * The value that this share of them does not exceed, between two bounds by their distance; 0
   * without values, the greatest bound for what lies beyond it.
   *
   * @param share from 0 to 1
   */
  public double at(double share) {
    double wanted = share * count;
    double lowerBound = 0;
    long below = 0;
    for (Map.Entry<Double, Long> entry : upTo.entrySet()) {
      long within = entry.getValue() - below;
      if (within > 0 && entry.getValue() >= wanted) {
        double lower = Math.max(lowerBound, entry.getKey() / 2);
        return lower + (entry.getKey() - lower) * Math.max(0, wanted - below) / within;
      }
      lowerBound = entry.getKey();
      below = Math.max(below, entry.getValue());
    }
    return count == 0 || upTo.isEmpty() ? 0 : upTo.lastKey();
  }

  static String bucket(String histogram, double upper) {
    return prefix(histogram) + BigDecimal.valueOf(upper).toPlainString() + "\"}";
  }

  private static String prefix(String histogram) {
    return histogram + "_bucket{le=\"";
  }

  private static NavigableMap<Double, Long> bounds(Map<String, Long> samples, String histogram) {
    String prefix = prefix(histogram);
    NavigableMap<Double, Long> bounds = new TreeMap<>();
    samples.forEach(
        (name, below) -> {
          if (name.startsWith(prefix)) {
            bounds.put(Double.valueOf(name.substring(prefix.length(), name.length() - 2)), below);
          }
        });
    return bounds;
  }

  private static long upTo(NavigableMap<Double, Long> bounds, double bound) {
    Map.Entry<Double, Long> last = bounds.floorEntry(bound);
    return last == null ? 0 : last.getValue();
  }

  private static long count(Map<String, Long> samples, String histogram) {
    return samples.getOrDefault(histogram + "_count", 0L);
  }
}
