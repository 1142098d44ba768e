package io.kumo.testkit.bug;

import io.kumo.core.ring.CopyPlan;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.rebalance.RebalanceRules;
import java.util.List;

/** Rules of a rebalance, each with one of them broken. */
final class BrokenRebalance {
  private BrokenRebalance() {}

  static final class FirstOwnerCopies extends RebalanceRules {
    @Override
    public CopyPlan plan(HashSpaces layout, boolean full, NodeAddress self) {
      return new FirstOwnersPlan(layout, full, self);
    }
  }

  private static final class FirstOwnersPlan extends CopyPlan {
    private final HashSpace read;
    private final NodeAddress self;

    FirstOwnersPlan(HashSpaces layout, boolean full, NodeAddress self) {
      super(layout, full, self);
      this.read = layout.read();
      this.self = self;
    }

    @Override
    public List<NodeAddress> targets(long hash) {
      boolean first =
          read.replicas(hash).stream().limit(1).anyMatch(node -> node.address().equals(self));
      return first ? super.targets(hash) : List.of();
    }
  }
}
