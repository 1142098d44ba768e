package io.kumo.manager.control;

import io.kumo.core.clock.ClockTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of a replace that the partner directs what this manager would say of its own: programs watch
 * either of the two for these words. Confined to the manager's loop.
 */
public final class PartnerRebalanceLog {
  private static final Logger log = LoggerFactory.getLogger(PartnerRebalanceLog.class);

  private long startedTime;
  private long completedTime;
  private boolean running;

  /**
   * The partner has told how far it is.
   *
   * @param copyingTime names the replace that copies now, 0 if none does
   * @param nowCompletedTime names the last one that has ended
   */
  public void heard(long copyingTime, long nowCompletedTime) {
    if (copyingTime != 0 && copyingTime != startedTime) {
      startedTime = copyingTime;
      running = true;
      log.info("start replace copy time({}), directed by the partner", text(copyingTime));
    }
    if (ClockTime.isNewer(nowCompletedTime, completedTime)) {
      completedTime = nowCompletedTime;
      if (running) {
        log.info("replace finished time({})", text(nowCompletedTime));
      }
      running = false;
    }
  }

  private static String text(long clockTime) {
    return Long.toUnsignedString(clockTime);
  }
}
