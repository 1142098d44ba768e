package io.kumo.tools.bench;

import java.util.List;

/** Statistics of several rounds: the median, with the least and the greatest. */
record Spread(double median, double least, double greatest) {

  static Spread of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int n = sorted.size();
    double median = (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
    return new Spread(median, sorted.get(0), sorted.get(n - 1));
  }

  /** Round by round, first by second: what drifts with the machine drifts in both. */
  static Spread ratio(List<Double> first, List<Double> second) {
    return of(
        java.util.stream.IntStream.range(0, first.size())
            .mapToObj(i -> first.get(i) / second.get(i))
            .toList());
  }
}
