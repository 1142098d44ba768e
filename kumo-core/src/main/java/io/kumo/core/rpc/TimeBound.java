package io.kumo.core.rpc;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.log.LogId;
import io.kumo.core.metrics.SecurityMetric;
import io.kumo.core.metrics.SecurityMetrics;
import io.kumo.core.protocol.Limits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses what is further ahead of this machine's clock than {@link Limits#MAX_AHEAD_SECONDS},
 * whoever sends it and as whatever: going by it would have all later writes, views and flushes be
 * older. Any thread.
 */
public final class TimeBound {
  private static final Logger log = LoggerFactory.getLogger(TimeBound.class);

  private final TimeSource time;

  public TimeBound(TimeSource time) {
    this.time = time;
  }

  /**
   * Whether it is not to be taken, which is said and counted.
   *
   * @param what it is, for the log
   * @param latest the latest ClockTime in it that would be gone by; 0 for none
   * @param sender for the log, which asks for its text only then
   */
  public boolean refuses(Object what, long latest, Object sender) {
    if (latest == 0 || !ClockTime.isTooFarAhead(latest, time.unixMillis())) {
      return false;
    }
    log.warn(
        LogId.TIME_TOO_FAR_AHEAD,
        "{} from {} refused: its ClockTime is {}",
        what,
        sender,
        ClockTime.format(latest));
    SecurityMetrics.ofProcess().count(SecurityMetric.REFUSED_TIMES);
    return true;
  }
}
