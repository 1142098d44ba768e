package io.kumo.server.rebalance;

import io.kumo.core.ring.CopyPlan;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;

/**
 * Who copies what, as a rule that the simulator's tests break. A server keeps to {@link #SOUND}.
 *
 * <p>Stateless; any thread.
 */
public class RebalanceRules {
  public static final RebalanceRules SOUND = new RebalanceRules();

  /** Leaves everything as it is right. */
  protected RebalanceRules() {}

  /** Which records {@code self} gives to whom in a copy phase. */
  public CopyPlan plan(HashSpaces layout, boolean full, NodeAddress self) {
    return new CopyPlan(layout, full, self);
  }
}
