package io.kumo.server;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.vote.VoteRules;
import io.kumo.server.lifecycle.LifecycleRules;
import io.kumo.server.rebalance.RebalanceRules;
import io.kumo.server.write.round.WriteRules;
import java.util.function.Function;

/**
 * What a server keeps to where it could go wrong; each a class with the right behaviour.
 *
 * @param clock makes the clock that stamps records
 */
public record ServerRules(
    WriteRules writes,
    LifecycleRules lifecycle,
    RebalanceRules rebalance,
    VoteRules votes,
    Function<TimeSource, HybridClock> clock) {
  public static final ServerRules SOUND =
      new ServerRules(
          WriteRules.SOUND,
          LifecycleRules.SOUND,
          RebalanceRules.SOUND,
          VoteRules.SOUND,
          HybridClock::new);
}
