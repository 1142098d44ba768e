package io.kumo.manager.control;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.view.OpenRebalance;
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
  private OpenRebalance known = OpenRebalance.NONE;

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

  /**
   * A view has been voted on.
   *
   * @param open the rebalance that it names
   * @param directs whether this manager directs, and has told of it already
   */
  public void installed(OpenRebalance open, boolean directs) {
    OpenRebalance before = known;
    known = open;
    boolean copies = open.phase() == OpenRebalance.Phase.COPYING;
    boolean copied = before.phase() == OpenRebalance.Phase.COPYING;
    if (directs) {
      return;
    }
    if (copies && !(copied && open.time() == before.time())) {
      log.info("start replace copy time({}), directed by the partner", text(open.time()));
    } else if (open.phase() == OpenRebalance.Phase.NONE && !before.equals(open)) {
      log.info("replace finished time({})", text(before.time()));
    }
  }

  private static String text(long clockTime) {
    return Long.toUnsignedString(clockTime);
  }
}
