package io.kumo.server.rpc;

import io.kumo.core.log.LogId;
import io.kumo.core.ring.NodeAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once when a manager's wall clock is too far from this server's. Main loop only. */
public final class ManagerClocks {
  private static final Logger log = LoggerFactory.getLogger(ManagerClocks.class);

  private final long maxSkewMs;
  private final Set<NodeAddress> skewed = new HashSet<>();

  public ManagerClocks(Duration maxSkew) {
    this.maxSkewMs = maxSkew.toMillis();
  }

  void measured(NodeAddress manager, long aheadMs) {
    if (Math.abs(aheadMs) <= maxSkewMs) {
      skewed.remove(manager);
    } else if (skewed.add(manager)) {
      String where = aheadMs > 0 ? "behind" : "ahead of";
      log.warn(
          LogId.OWN_CLOCK_OFF,
          "this clock is {} ms {} that of {}; set it right",
          Math.abs(aheadMs),
          where,
          manager);
    }
  }
}
