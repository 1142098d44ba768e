package io.kumo.manager.election;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.membership.ManagerRules;
import io.kumo.manager.membership.ServerInfo;
import java.util.List;
import java.util.Map;

/**
 * Which active servers of a view have been started anew before this manager began to direct by it,
 * and what they are worth. Nobody was marked fault meanwhile, so nothing was acknowledged without
 * them: those that stopped in an orderly way take part as they are. The others may have lost the
 * end of what they had, and are marked fault; but if nobody has more than they, as none has kept
 * running or stopped in an orderly way, all return, and are made equal. Stateless.
 */
public final class MassRestart {
  /** What is known. */
  public enum Outcome {
    /** Not all have been heard that have to be. */
    OPEN,
    /** All are known that are there. */
    KNOWN
  }

  /**
   * What has been found.
   *
   * @param restarted the active servers that are there and have been started anew
   * @param crashed those of them that did not stop in an orderly way
   * @param all whether no active server is there but those
   */
  public record Verdict(
      Outcome outcome, List<NodeAddress> restarted, List<NodeAddress> crashed, boolean all) {
    private static final Verdict OPEN = new Verdict(Outcome.OPEN, List.of(), List.of(), false);
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
    List<NodeAddress> restarted =
        there.stream()
            .filter(
                server ->
                    rules.isRestarted(
                        live.getOrDefault(server, ServerInfo.UNKNOWN),
                        attached.getOrDefault(server, ServerInfo.UNKNOWN)))
            .toList();
    // One that has kept running has what there is, and nobody who is away is waited for.
    List<NodeAddress> awaited = restarted.size() < there.size() ? restarted : active;
    if (there.isEmpty() || !(clean.keySet().containsAll(awaited) || waitOver)) {
      return Verdict.OPEN;
    }
    List<NodeAddress> crashed =
        rules.crashed(restarted.stream().filter(s -> !clean.getOrDefault(s, false)).toList());
    return new Verdict(Outcome.KNOWN, restarted, crashed, crashed.size() == there.size());
  }
}
