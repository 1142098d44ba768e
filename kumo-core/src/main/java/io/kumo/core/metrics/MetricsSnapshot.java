package io.kumo.core.metrics;

import io.kumo.core.guard.Guard;
import java.util.ArrayList;
import java.util.List;

/** All that a process shows of itself at a moment: numbers, and values by their size. */
public record MetricsSnapshot(List<Measurement> numbers, List<Histogram> histograms) {
  private static final String BUGS_HELP =
      "Mistakes in this program that it met and survived; each is in the log.";

  public MetricsSnapshot {
    numbers = List.copyOf(numbers);
    histograms = List.copyOf(histograms);
  }

  /**
   * These, and what every process tells: how late its loops were, how many bugs it met, and who was
   * refused.
   */
  public MetricsSnapshot withProcess() {
    List<Measurement> all = new ArrayList<>(numbers);
    all.addAll(LoopDelays.ofProcess().measurements());
    all.addAll(SecurityMetrics.ofProcess().measurements());
    all.add(new Measurement("kumo_bugs_total", true, BUGS_HELP, Guard.ofProcess().bugs()));
    List<Histogram> sizes = new ArrayList<>(histograms);
    sizes.add(LoopDelays.ofProcess().histogram());
    return new MetricsSnapshot(all, sizes);
  }
}
