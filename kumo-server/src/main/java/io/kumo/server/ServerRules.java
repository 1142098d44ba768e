package io.kumo.server;

import io.kumo.server.lifecycle.LifecycleRules;
import io.kumo.server.rebalance.RebalanceRules;
import io.kumo.server.write.WriteRules;

/** What a server keeps to where it could go wrong; each a class with the right behaviour. */
public record ServerRules(WriteRules writes, LifecycleRules lifecycle, RebalanceRules rebalance) {
  public static final ServerRules SOUND =
      new ServerRules(WriteRules.SOUND, LifecycleRules.SOUND, RebalanceRules.SOUND);
}
