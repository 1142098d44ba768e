package io.kumo.manager.membership;

import io.kumo.core.log.LogId;
import io.kumo.core.ring.NodeAddress;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which servers have a physical clock that differs from this manager's by more than is allowed, as
 * keepalives show: they are not made active. Confined to one thread.
 */
public final class ClockWatch {
  private static final Logger log = LoggerFactory.getLogger(ClockWatch.class);

  private final PartnerLink partner;
  private final long maxSkewMs;
  private final Set<NodeAddress> skewed = new HashSet<>();

  public ClockWatch(PartnerLink partner, long maxSkewMs) {
    this.partner = partner;
    this.maxSkewMs = maxSkewMs;
  }

  /** A node's clock is that far ahead of this manager's, or behind it if that is negative. */
  public void measured(NodeAddress node, long aheadMs) {
    if (Math.abs(aheadMs) <= maxSkewMs || partner.isPartner(node)) {
      skewed.remove(node);
    } else if (skewed.add(node)) {
      log.warn(
          LogId.CLOCK_OFF_OF_NODE,
          "the clock of {} is {} ms off; it is not made active until set right",
          node,
          aheadMs);
    }
  }

  public boolean isSkewed(NodeAddress server) {
    return skewed.contains(server);
  }

  /** The server is gone; its next process is measured anew. */
  public void forget(NodeAddress server) {
    skewed.remove(server);
  }
}
