package io.kumo.core.metrics;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Values of a process by their size.
 *
 * @param name in snake case, such as {@code kumo_server_fsync_seconds}
 * @param help one sentence without a line break; the same for all of one name
 * @param labels what tells it from others of its name; empty when there are no others
 */
public record Histogram(
    String name,
    String help,
    Unit unit,
    SortedMap<String, String> labels,
    Distribution distribution) {
  public Histogram {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /** The only one of its name. */
  public Histogram(String name, String help, Unit unit, Distribution distribution) {
    this(name, help, unit, Collections.emptySortedMap(), distribution);
  }

  /**
   * The counts up to each bound, as Prometheus writes them, such as {@code
   * kumo_server_write_seconds_bucket{le="0.001024"}}; those that say no more than the one before
   * are left out. {@link Percentiles} reads them.
   */
  public SortedMap<String, Long> samples() {
    SortedMap<String, Long> samples = new TreeMap<>();
    long before = 0;
    for (long bound : unit.bounds()) {
      long below = distribution.below(bound);
      if (below > before) {
        samples.put(Percentiles.bucket(name, unit.upper(bound)), below);
      }
      before = below;
    }
    samples.put(name + "_count", distribution.count());
    return samples;
  }
}
