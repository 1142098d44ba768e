package io.kumo.tools.bench;

import io.kumo.tools.bench.codec.BenchOperation;
import io.kumo.tools.bench.workload.LoadSpec;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;

/** What was measured, for a person: one list of rounds per target, in the same order. */
final class TextReport {

  private final LoadSpec spec;
  private final List<List<Result>> targets;

  TextReport(LoadSpec spec, List<List<Result>> targets) {
    this.spec = spec;
    this.targets = targets;
  }

  String write() {
    StringBuilder out = new StringBuilder(header());
    for (List<Result> rounds : targets) {
      Spread rate = spread(rounds, Result::perSecond);
      Stats all = new Stats();
      rounds.forEach(round -> all.add(round.stats()));
      out.append(format("%n%s  %s/s%n", rounds.get(0).target().name(), spread(rate, "%,.0f")));
      all.lines().forEach((operation, line) -> out.append(line(operation, line)));
      out.append(remarks(rounds, all));
    }
    for (int target = 0; target < targets.size() - 1; target++) {
      out.append(format("%n%s / %s%n", name(target), name(targets.size() - 1)));
      out.append(ratioLine("requests/s", target, Result::perSecond));
      out.append(ratioLine("p50", target, r -> r.latencyUs(50)));
      out.append(ratioLine("p99", target, r -> r.latencyUs(99)));
    }
    return out.toString();
  }

  private String header() {
    String pace =
        spec.ratePerSecond() > 0
            ? format(
                "%,.0f requests/s, latency from the time a request was due", spec.ratePerSecond())
            : format("closed loop, %d in flight", spec.inFlight());
    return format(
        "%s  %s  %d connections  %s%n%,d keys of %d bytes (%s)  values of %s bytes%s%n",
        spec.protocol().name().toLowerCase(Locale.ROOT),
        spec.mix(),
        spec.connections(),
        pace,
        spec.keys(),
        spec.keySpace().keyBytes(),
        spec.keyDistribution().name().toLowerCase(Locale.ROOT),
        spec.valueSizes(),
        spec.verify() ? ", verified" : "");
  }

  private static String line(BenchOperation operation, Stats.StatsLine line) {
    StringBuilder text = new StringBuilder(format("  %-6s", operation.label()));
    for (double percentile : Result.PERCENTILES) {
      double millis = line.latencyNs.getValueAtPercentile(percentile) / 1e6;
      text.append(format("  %s %.3f", Result.label(percentile), millis));
    }
    text.append(" ms");
    if (operation == BenchOperation.GET || operation == BenchOperation.MGET) {
      double found = line.keysAsked == 0 ? 0 : 100.0 * line.keysFound / line.keysAsked;
      text.append(format("  hits %.1f%%", found));
    }
    if (line.notFound > 0) {
      text.append(format("  not found %,d", line.notFound));
    }
    if (line.errors > 0) {
      text.append(format("  ERRORS %,d", line.errors));
    }
    return text.append(System.lineSeparator()).toString();
  }

  private static String remarks(List<Result> rounds, Stats all) {
    StringBuilder text = new StringBuilder();
    Spread busy = spread(rounds, r -> 100 * r.generatorShare());
    text.append(format("  generator busy %s %%", spread(busy, "%.0f")));
    Spread cost = spread(rounds, Result::generatorUs);
    text.append(format(", %s us a request", spread(cost, "%.2f")));
    double cpu = rounds.stream().mapToDouble(Result::targetCpuSeconds).sum();
    if (!Double.isNaN(cpu)) {
      text.append(format("  target %.2f CPU s per million", cpu / all.answered() * 1e6));
      text.append(shares(rounds, all.answered()));
    }
    if (all.latestSendNs > 0) {
      text.append(format("  latest send %.3f ms", all.latestSendNs / 1e6));
    }
    if (all.wrong + all.lost > 0) {
      text.append(format("  WRONG REPLIES %,d  LOST %,d", all.wrong, all.lost));
    }
    return text.append(System.lineSeparator()).toString();
  }

  /** Process by process, when there are several. */
  private static String shares(List<Result> rounds, long answered) {
    int processes = rounds.get(0).cpuSeconds().size();
    if (processes < 2) {
      return "";
    }
    StringJoiner text = new StringJoiner(" + ", " = ", "");
    for (int i = 0; i < processes; i++) {
      int process = i;
      double cpu = rounds.stream().mapToDouble(round -> round.cpuSeconds().get(process)).sum();
      text.add(format("%.2f", cpu / answered * 1e6));
    }
    return text.toString();
  }

  private String ratioLine(String label, int target, ToDoubleFunction<Result> figure) {
    return format("  %-10s  %s%n", label, spread(ratio(target, figure), "%.2f"));
  }

  private Spread ratio(int target, ToDoubleFunction<Result> figure) {
    return Result.ratio(targets.get(target), targets.get(targets.size() - 1), figure);
  }

  private static Spread spread(List<Result> rounds, ToDoubleFunction<Result> figure) {
    return Spread.of(rounds.stream().map(figure::applyAsDouble).toList());
  }

  private static String spread(Spread c, String form) {
    String median = format(form, c.median());
    return c.least() == c.greatest()
        ? median
        : median + " (" + format(form, c.least()) + "-" + format(form, c.greatest()) + ")";
  }

  private String name(int index) {
    return targets.get(index).get(0).target().name();
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
