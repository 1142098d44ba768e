package io.kumo.core.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** The numbers of {@link SecurityMetric}, and how long certificates are still good. Thread-safe. */
public final class SecurityMetrics {
  /** Shown by processes that have certificates. */
  public static final String CERTIFICATE_EXPIRY = "kumo_cert_expiry_seconds";

  private static final String EXPIRY_HELP =
      "How long the certificate is still good; negative when it has expired.";

  private static final SecurityMetrics PROCESS = new SecurityMetrics();

  private final Map<SecurityMetric, LongAdder> counters =
      Collections.synchronizedMap(new EnumMap<>(SecurityMetric.class));
  private final Map<String, LongSupplier> expiries = new ConcurrentHashMap<>();

  public SecurityMetrics() {
    for (SecurityMetric metric : SecurityMetric.values()) {
      counters.put(metric, new LongAdder());
    }
  }

  /** Those of this process. */
  public static SecurityMetrics ofProcess() {
    return PROCESS;
  }

  public void count(SecurityMetric metric) {
    counters.get(metric).increment();
  }

  public long get(SecurityMetric metric) {
    return counters.get(metric).sum();
  }

  /**
   * Shows a certificate from now on.
   *
   * @param use what it is for, such as {@code cluster}; the label
   * @param seconds until it expires, asked for each time
   */
  public void certificate(String use, LongSupplier seconds) {
    expiries.put(use, seconds);
  }

  /** As {@code /metrics} shows them. */
  public List<Measurement> measurements() {
    List<Measurement> all = new ArrayList<>();
    for (SecurityMetric metric : SecurityMetric.values()) {
      all.add(new Measurement(metric.metricName(), true, metric.help(), get(metric)));
    }
    new TreeMap<>(expiries)
        .forEach(
            (use, seconds) ->
                all.add(
                    new Measurement(
                        CERTIFICATE_EXPIRY,
                        false,
                        EXPIRY_HELP,
                        new TreeMap<>(Map.of("use", use)),
                        seconds.getAsLong())));
    return all;
  }
}
