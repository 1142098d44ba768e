package io.kumo.manager.election;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.membership.ManagerRules;
import io.kumo.manager.membership.ServerInfo;
import java.util.List;
import java.util.Map;

/**
 * Whether every active server of a view has been started anew, and what they are worth then. A
 * server that restarts while others run is marked fault: it may have missed what they have. When
 * nobody has kept running there is nobody who has more: those that stopped in an orderly way take
 * part as they are, and if none did, all do, and are made equal. Stateless.
 */
public final class MassRestart {
  /** What is known. */
  public enum Outcome {
    /** One that is active has kept running: the others that restarted are fault. */
    KEPT_RUNNING,
    /** Nobody has been seen to keep running, but not all have been heard yet. */
    OPEN,
    /** All that are there have been started anew. */
    RESTARTED
  }

  /**
   * What has been found.
   *
   * @param crashed the active servers that are there and did not stop in an orderly way; empty
   *     unless {@link Outcome#RESTARTED}
   * @param all whether no other one is there
   */
  public record Verdict(Outcome outcome, List<NodeAddress> crashed, boolean all) {
    private static final Verdict KEPT = new Verdict(Outcome.KEPT_RUNNING, List.of(), false);
    private static final Verdict OPEN = new Verdict(Outcome.OPEN, List.of(), false);
  }

  private MassRestart() {}

  /**
   * Judges.
   *
   * @param write the view's write hash space
   * @param live the connected servers
   * @param attached the processes that the view names
   * @param clean of those that have said so whether they stopped in an orderly way before
   * @param waitOver whether the others are not waited for any more
   */
  public static Verdict judge(
      ManagerRules rules,
      HashSpace write,
      Map<NodeAddress, ServerInfo> live,
      Map<NodeAddress, ServerInfo> attached,
      Map<NodeAddress, Boolean> clean,
      boolean waitOver) {
    List<NodeAddress> active =
        write.nodes().stream().filter(Node::active).map(Node::address).toList();
    List<NodeAddress> there = active.stream().filter(live::containsKey).toList();
    boolean kept =
        there.stream()
            .anyMatch(
                server ->
                    !rules.isRestarted(
                        live.getOrDefault(server, ServerInfo.UNKNOWN),
                        attached.getOrDefault(server, ServerInfo.UNKNOWN)));
    if (kept) {
      return Verdict.KEPT;
    }
    boolean heardAll = there.size() == active.size() && clean.keySet().containsAll(active);
    if (there.isEmpty() || !(heardAll || waitOver)) {
      return Verdict.OPEN;
    }
    List<NodeAddress> crashed =
        rules.crashed(there.stream().filter(s -> !clean.getOrDefault(s, false)).toList());
    return new Verdict(Outcome.RESTARTED, crashed, crashed.size() == there.size());
  }
}
