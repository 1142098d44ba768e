package io.kumo.core.security.link;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.log.LogId;
import io.kumo.core.metrics.SecurityMetric;
import io.kumo.core.metrics.SecurityMetrics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts those who were refused, and tells of each host once a minute, so that strangers cannot
 * fill the log. Thread-safe.
 */
public final class RefusedLinks {
  private static final Logger log = LoggerFactory.getLogger(RefusedLinks.class);
  private static final long SILENCE_NS = Duration.ofMinutes(1).toNanos();
  private static final int MAX_HOSTS = 64;

  private final TimeSource time;
  private final SecurityMetrics metrics;
  private final Map<String, Long> toldNs = new LinkedHashMap<>();

  RefusedLinks(TimeSource time, SecurityMetrics metrics) {
    this.time = time;
    this.metrics = metrics;
  }

  /** Somebody has proved itself. */
  void accepted() {
    metrics.count(SecurityMetric.ACCEPTED_LINKS);
  }

  /** Somebody has not. */
  public void refused(String remote, String host, String why) {
    metrics.count(SecurityMetric.REFUSED_LINKS);
    if (isNews(host)) {
      log.warn(LogId.LINK_REFUSED, "connection from {} refused: {}", remote, why);
    }
  }

  /** With more hosts than are remembered, none but these are told of for a while. */
  private synchronized boolean isNews(String host) {
    long nowNs = time.nanoTime();
    toldNs.values().removeIf(told -> nowNs - told >= SILENCE_NS);
    if (toldNs.containsKey(host) || toldNs.size() >= MAX_HOSTS) {
      return false;
    }
    toldNs.put(host, nowNs);
    return true;
  }
}
