package io.kumo.testkit.net;

import io.kumo.core.ring.NodeAddress;
import java.time.Duration;

/** What the network does to traffic between two hosts, asked for every piece of it. */
public interface NetworkConditions {
  /** Every piece takes a tenth of a millisecond and arrives. */
  NetworkConditions FAIR =
      new NetworkConditions() {
        @Override
        public long delayNs(NodeAddress from, NodeAddress to) {
          return Duration.ofNanos(100_000).toNanos();
        }

        @Override
        public boolean passes(NodeAddress from, NodeAddress to) {
          return true;
        }
      };

  /** Time on the way, for the next piece. Pieces of one link never overtake each other. */
  long delayNs(NodeAddress from, NodeAddress to);

  /**
   * Whether traffic passes now in this direction; if not it waits on the link until it does or the
   * link ends.
   */
  boolean passes(NodeAddress from, NodeAddress to);
}
