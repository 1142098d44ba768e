package io.kumo.core.metrics;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One number of a process.
 *
 * @param name in snake case, such as {@code kumo_gateway_read_bytes_total}
 * @param growing whether it only ever grows while the process lives
 * @param help one sentence without a line break; the same for all of one name
 * @param labels what tells it from others of its name; empty when there are no others
 */
public record Measurement(
    String name, boolean growing, String help, SortedMap<String, String> labels, long value) {
  public Measurement {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /** The only one of its name. */
  public Measurement(String name, boolean growing, String help, long value) {
    this(name, growing, help, Collections.emptySortedMap(), value);
  }
}
