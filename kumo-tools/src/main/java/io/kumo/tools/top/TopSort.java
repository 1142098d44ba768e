package io.kumo.tools.top;

import java.util.Comparator;

/** By what the rows stand in order; the greatest first, but for names. */
enum TopSort {
  SERVER("server", Comparator.comparing(row -> 0)),
  RATE("rate", Comparator.comparingLong(TopRow::requestsPerSecond).reversed()),
  LATENCY("latency", Comparator.comparingDouble(TopRow::slowMillis).reversed()),
  ITEMS("items", Comparator.<TopRow>comparingLong(row -> row.now().items()).reversed()),
  DISK("disk", Comparator.<TopRow>comparingLong(row -> row.now().figure("file_bytes")).reversed()),
  STATE("state", Comparator.comparing(row -> row.now().state()));

  private final String word;

  @SuppressWarnings("ImmutableEnumChecker") // the comparators hold nothing
  private final Comparator<TopRow> order;

  TopSort(String word, Comparator<TopRow> order) {
    this.word = word;
    this.order = order;
  }

  /** In the line at the top. */
  String word() {
    return word;
  }

  Comparator<TopRow> order() {
    return order;
  }

  @SuppressWarnings("EnumOrdinal") // the order in which they are gone through
  TopSort next() {
    TopSort[] all = values();
    return all[(ordinal() + 1) % all.length];
  }
}
