package io.kumo.core.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@link MetricsSnapshot} as Prometheus reads them: in its text form 0.0.4, or in that of
 * OpenMetrics when it asks for that. Immutable.
 */
public final class Exposition {
  private static final String COUNTER_SUFFIX = "_total";

  private final ExpositionFormats formats = ExpositionFormats.init();

  /**
   * What is sent.
   *
   * @param contentType as HTTP says it
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Page(String contentType, byte[] body) {}

  /**
   * Writes a page.
   *
   * @param accept the header in which the reader says what it understands; null when it does not
   */
  public Page page(MetricsSnapshot metrics, @Nullable String accept) throws IOException {
    ExpositionFormatWriter writer = formats.findWriter(accept);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(out, new MetricSnapshots(snapshots(metrics)));
    return new Page(writer.getContentType(), out.toByteArray());
  }

  private static Collection<MetricSnapshot> snapshots(MetricsSnapshot metrics) {
    Map<String, List<Measurement>> numbers = new LinkedHashMap<>();
    for (Measurement number : metrics.numbers()) {
      numbers.computeIfAbsent(number.name(), name -> new ArrayList<>()).add(number);
    }
    Map<String, List<Histogram>> histograms = new LinkedHashMap<>();
    for (Histogram histogram : metrics.histograms()) {
      histograms.computeIfAbsent(histogram.name(), name -> new ArrayList<>()).add(histogram);
    }
    List<MetricSnapshot> all = new ArrayList<>();
    numbers.values().forEach(family -> all.add(numbers(family)));
    histograms.values().forEach(family -> all.add(histograms(family)));
    return all;
  }

  private static MetricSnapshot numbers(List<Measurement> family) {
    Measurement first = family.get(0);
    return first.growing() ? counters(first, family) : gauges(first, family);
  }

  private static MetricSnapshot counters(Measurement first, List<Measurement> family) {
    String name = first.name();
    if (!name.endsWith(COUNTER_SUFFIX)) {
      throw new IllegalArgumentException("a counter is named ..._total, not " + name);
    }
    CounterSnapshot.Builder counters =
        CounterSnapshot.builder()
            .name(name.substring(0, name.length() - COUNTER_SUFFIX.length()))
            .help(first.help());
    for (Measurement one : family) {
      counters.dataPoint(
          CounterSnapshot.CounterDataPointSnapshot.builder()
              .labels(labels(one.labels()))
              .value((double) one.value())
              .build());
    }
    return counters.build();
  }

  private static MetricSnapshot gauges(Measurement first, List<Measurement> family) {
    GaugeSnapshot.Builder gauges = GaugeSnapshot.builder().name(first.name()).help(first.help());
    for (Measurement one : family) {
      gauges.dataPoint(
          GaugeSnapshot.GaugeDataPointSnapshot.builder()
              .labels(labels(one.labels()))
              .value((double) one.value())
              .build());
    }
    return gauges.build();
  }

  private static MetricSnapshot histograms(List<Histogram> family) {
    Histogram first = family.get(0);
    HistogramSnapshot.Builder all =
        HistogramSnapshot.builder().name(first.name()).help(first.help());
    for (Histogram one : family) {
      all.dataPoint(
          HistogramSnapshot.HistogramDataPointSnapshot.builder()
              .labels(labels(one.labels()))
              .classicHistogramBuckets(buckets(one.unit(), one.distribution()))
              .sum(one.unit().shown(one.distribution().sum()))
              .build());
    }
    return all.build();
  }

  private static ClassicHistogramBuckets buckets(Unit unit, Distribution values) {
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    long before = 0;
    for (long bound : unit.bounds()) {
      long below = values.below(bound);
      buckets.bucket(unit.upper(bound), below - before);
      before = below;
    }
    return buckets.bucket(Double.POSITIVE_INFINITY, values.count() - before).build();
  }

  private static Labels labels(SortedMap<String, String> labels) {
    return Labels.of(List.copyOf(labels.keySet()), List.copyOf(labels.values()));
  }
}
