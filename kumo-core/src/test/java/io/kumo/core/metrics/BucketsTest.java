package io.kumo.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BucketsTest {
  private final Buckets buckets = new Buckets();

  @Test
  void everyValueIsInTheBucketThatItsBoundsSay() {
    for (long value = 0; value < 1 << 20; value = value * 17 / 16 + 1) {
      int index = Buckets.index(value);
      assertThat(Buckets.floor(index)).isLessThanOrEqualTo(value);
      assertThat(Buckets.floor(index + 1)).isGreaterThan(value);
      assertThat(Buckets.floor(index + 1) - Buckets.floor(index))
          .isLessThanOrEqualTo(Math.max(1, value / 8));
    }
    assertThat(Buckets.index((1L << 40) - 1)).isEqualTo(Buckets.COUNT - 1);
  }

  @Test
  void valuesBeyondTheEndsCountAsThose() {
    buckets.add(-5);
    buckets.add(Long.MAX_VALUE);
    Distribution read = buckets.read();
    assertThat(read.counts()[0]).isEqualTo(1);
    assertThat(read.counts()[Buckets.COUNT - 1]).isEqualTo(1);
    assertThat(read.sum()).isEqualTo((1L << 40) - 1);
  }

  @Test
  void whatPrometheusReadsAddsUp() throws Exception {
    for (int i = 0; i < 100; i++) {
      buckets.add(i * 10L);
    }
    Histogram histogram =
        new Histogram(
            "a_seconds",
            "How long a took.",
            Unit.MICROSECONDS,
            new TreeMap<>(Map.of("command", "get")),
            buckets.read());
    MetricsSnapshot metrics = new MetricsSnapshot(List.of(), List.of(histogram));
    String text = new String(new Exposition().page(metrics, null).body(), StandardCharsets.UTF_8);
    assertThat(text)
        .startsWith("# HELP a_seconds How long a took.\n# TYPE a_seconds histogram\n")
        .contains(
            "a_seconds_bucket{command=\"get\",le=\"3.2E-5\"} 4\n",
            "a_seconds_bucket{command=\"get\",le=\"9.6E-5\"} 10\n",
            "a_seconds_bucket{command=\"get\",le=\"+Inf\"} 100\n",
            "a_seconds_count{command=\"get\"} 100\n",
            "a_seconds_sum{command=\"get\"} 0.0495\n");
  }

  @Test
  void numbersOfOneNameStandTogetherWithTheirLabels() throws Exception {
    List<Measurement> numbers =
        List.of(
            new Measurement("a_total", true, "All a.", new TreeMap<>(Map.of("kind", "x")), 1),
            new Measurement("b", false, "The b now.", -2),
            new Measurement("a_total", true, "All a.", new TreeMap<>(Map.of("kind", "y")), 2));
    MetricsSnapshot metrics = new MetricsSnapshot(numbers, List.of());
    String text = new String(new Exposition().page(metrics, null).body(), StandardCharsets.UTF_8);
    assertThat(text)
        .isEqualTo(
            """
            # HELP a_total All a.
            # TYPE a_total counter
            a_total{kind="x"} 1.0
            a_total{kind="y"} 2.0
            # HELP b The b now.
            # TYPE b gauge
            b -2.0
            """);
  }

  @Test
  void aPercentileIsBetweenTheBoundsThatItLiesIn() {
    Map<String, Long> before = samples();
    for (int i = 0; i < 1000; i++) {
      buckets.add(i < 990 ? 1000 : 50_000);
    }
    Percentiles some = Percentiles.between(before, samples(), "a_seconds");
    assertThat(some.count()).isEqualTo(1000);
    assertThat(some.at(0.5)).isCloseTo(0.001, within(0.0004));
    assertThat(some.at(0.999)).isCloseTo(0.05, within(0.02));
  }

  @Test
  void aPercentileOfWhatCameSinceLeavesOutWhatWasBefore() {
    buckets.add(2_000_000);
    Map<String, Long> before = samples();
    buckets.add(100);
    Percentiles some = Percentiles.between(before, samples(), "a_seconds");
    assertThat(some.count()).isEqualTo(1);
    assertThat(some.at(0.99)).isCloseTo(0.0001, within(0.00005));
    assertThat(Percentiles.between(samples(), samples(), "a_seconds").at(0.99)).isZero();
  }

  private Map<String, Long> samples() {
    return new Histogram("a_seconds", "How long a took.", Unit.MICROSECONDS, buckets.read())
        .samples();
  }
}
