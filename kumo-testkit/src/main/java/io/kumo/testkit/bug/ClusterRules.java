package io.kumo.testkit.bug;

import io.kumo.core.route.RequestSequence;
import io.kumo.core.vote.VoteRules;
import io.kumo.manager.membership.ManagerRules;
import io.kumo.server.ServerRules;
import io.kumo.testkit.store.ClockOrder;
import java.util.function.Supplier;

/**
 * The rules that the processes of a simulated cluster follow.
 *
 * @param requests a new sequence for each gateway
 * @param clockOrder by which the stores of servers tell what is newer
 */
public record ClusterRules(
    ServerRules server,
    ManagerRules manager,
    Supplier<RequestSequence> requests,
    ClockOrder clockOrder) {
  public static final ClusterRules SOUND =
      new ClusterRules(
          ServerRules.SOUND, ManagerRules.SOUND, RequestSequence::new, ClockOrder.SOUND);

  ClusterRules withServer(ServerRules other) {
    return new ClusterRules(other, manager, requests, clockOrder);
  }

  ClusterRules withManager(ManagerRules other) {
    return new ClusterRules(server, other, requests, clockOrder);
  }

  ClusterRules withVotes(VoteRules votes) {
    ServerRules voting =
        new ServerRules(
            server.writes(), server.lifecycle(), server.rebalance(), votes, server.clock());
    return withServer(voting).withManager(new BrokenManager.Votes(votes));
  }

  ClusterRules withRequests(Supplier<RequestSequence> other) {
    return new ClusterRules(server, manager, other, clockOrder);
  }

  ClusterRules withClockOrder(ClockOrder other) {
    return new ClusterRules(server, manager, requests, other);
  }
}
