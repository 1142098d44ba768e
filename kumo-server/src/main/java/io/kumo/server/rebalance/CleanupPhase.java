package io.kumo.server.rebalance;

import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.protocol.original.ReplaceEnd;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.rpc.Peer;
import io.kumo.server.transfer.BackgroundThrottle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The second phase: removes what has moved away. Confined to the main loop. */
final class CleanupPhase extends ReplacePhase {
  private static final Logger log = LoggerFactory.getLogger(CleanupPhase.class);

  private final Cleaner cleaner;

  /**
   * @param former the read hash space before the present replace
   */
  CleanupPhase(RebalanceContext context, long replaceTime, Peer director, HashSpace former) {
    super(context, replaceTime, director);
    BackgroundThrottle throttle =
        context.settings().backgroundThrottle(context.streamLoop().time().nanoTime());
    this.cleaner =
        new Cleaner(
            context.endpoint(),
            context.streamLoop(),
            context.records().store(),
            context.spaces(),
            former,
            hash -> context.records().books().leftover(hash, context.main().time().nanoTime()),
            throttle,
            this::cleaned);
  }

  void start() {
    cleaner.start();
  }

  private void cleaned() {
    log.info("cleaned for replace time({})", Long.toUnsignedString(replaceTime));
    end();
  }

  @Override
  MoveStatistics statistics() {
    return cleaner.statistics();
  }

  @Override
  ReplaceEnd endMessage() {
    return new ReplaceEnd(
        Method.REPLACE_DELETE_END,
        context.spaces().current().write().clockTime(),
        context.clockFor(director()),
        statistics());
  }

  @Override
  void stop() {
    cleaner.cancel();
  }
}
