package io.kumo.tools.bench;

import io.kumo.tools.bench.wire.BenchTarget;
import java.util.List;
import java.util.Locale;

/** What new connections cost, for a person. */
final class FirstAnswersReport {
  private final List<BenchTarget> targets;
  private final List<List<Double>> timesNs;

  /** Of each target the times in nanoseconds, at least one. */
  FirstAnswersReport(List<BenchTarget> targets, List<List<Double>> timesNs) {
    this.targets = targets;
    this.timesNs = timesNs;
  }

  String write() {
    StringBuilder out = new StringBuilder();
    out.append(format("%d connections, one after another, until a get was answered%n", count()));
    for (int i = 0; i < targets.size(); i++) {
      String name = targets.get(i).name();
      out.append(
          format("%s  p10 %.3f  p50 %.3f  p90 %.3f ms%n", name, ms(i, 10), ms(i, 50), ms(i, 90)));
    }
    int last = targets.size() - 1;
    for (int i = 0; i < last; i++) {
      double more = ms(i, 50) - ms(last, 50);
      out.append(
          format("%s - %s  p50 %+.3f ms%n", targets.get(i).name(), targets.get(last).name(), more));
    }
    return out.toString();
  }

  private int count() {
    return timesNs.get(0).size();
  }

  /** The least time that so many percent do not exceed. */
  private double ms(int target, int percent) {
    List<Double> sorted = timesNs.get(target).stream().sorted().toList();
    return sorted.get((sorted.size() * percent + 99) / 100 - 1) / 1e6;
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
