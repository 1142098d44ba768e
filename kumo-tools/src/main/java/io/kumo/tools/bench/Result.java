package io.kumo.tools.bench;

import io.kumo.tools.bench.wire.BenchTarget;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a target did in one round.
 *
 * @param generatorShare of its threads' time that the generator computed; near 1, it is the
 *     bottleneck and the statistics are its own
 * @param generatorUs of processor time that the generator took for a request; its inverse is what
 *     one of its threads could reach at most
 * @param cpuSeconds of each of the processes named for the target
 */
record Result(
    BenchTarget target,
    Stats stats,
    double seconds,
    double generatorShare,
    double generatorUs,
    List<Double> cpuSeconds) {

  double perSecond() {
    return stats.answered() / seconds;
  }

  /** Of all processes named for the target; NaN when none were. */
  double targetCpuSeconds() {
    return cpuSeconds.isEmpty()
        ? Double.NaN
        : cpuSeconds.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Latency of all operations together, in microseconds. */
  double latencyUs(double percentile) {
    return stats.latencyNs().getValueAtPercentile(percentile) / 1e3;
  }

  /** What reports show; 100 is the maximum. */
  static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9, 100.0);

  /** Such as p99.9. */
  static String label(double percentile) {
    if (percentile == 100) {
      return "max";
    }
    return "p" + (percentile == Math.rint(percentile) ? "" + (long) percentile : "" + percentile);
  }

  /** First by second, round by round. */
  static Spread ratio(List<Result> first, List<Result> second, ToDoubleFunction<Result> figure) {
    return Spread.ratio(
        first.stream().map(figure::applyAsDouble).toList(),
        second.stream().map(figure::applyAsDouble).toList());
  }
}
