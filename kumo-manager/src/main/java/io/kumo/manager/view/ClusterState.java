package io.kumo.manager.view;

import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.DelayedFlush;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.election.CurrentManagers;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.ServerInfo;
import io.kumo.manager.rebalance.RebalanceDirector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a manager in the form of messages, and back.
 *
 * <p>Where views count by votes, others are told the view that is installed here and nothing else:
 * what the table has beyond it is not decided yet.
 *
 * <p>Confined to the manager's loop.
 */
public final class ClusterState {
  private final MemberTable table;
  private final RebalanceDirector rebalance;
  private final CurrentManagers managers;
  private long flushClockTime;
  private DelayedFlush delayedFlush = DelayedFlush.NONE;
  private @Nullable PublishedSpaces voted;

  public ClusterState(MemberTable table, RebalanceDirector rebalance, CurrentManagers managers) {
    this.table = table;
    this.rebalance = rebalance;
    this.managers = managers;
  }

  /** What the present hash spaces are, and what extended peers are told beside them. */
  public PublishedSpaces current() {
    return voted == null
        ? decided()
        : new PublishedSpaces(voted.spaces(), voted.extras().withManagers(managers.list()));
  }

  /** The hash spaces that others are told. */
  public HashSpaces spaces() {
    return voted == null ? table.spaces() : voted.spaces();
  }

  /** What this manager has decided, whoever knows of it. */
  PublishedSpaces decided() {
    List<NodeExtras> nodes =
        table.attachedInfo().entrySet().stream()
            .filter(entry -> entry.getValue().extended())
            .map(entry -> extras(entry.getKey(), entry.getValue()))
            .toList();
    return new PublishedSpaces(
        table.spaces(),
        new ClusterExtras(
            nodes, flushClockTime, rebalance.completedTime(), delayedFlush, managers.list()));
  }

  /** From now on others are told this. */
  void tell(PublishedSpaces installed) {
    voted = installed;
  }

  /** Goes by what others are told, and forgets what was decided beyond it. */
  void goBack() {
    PublishedSpaces installed = voted == null ? PublishedSpaces.EMPTY : voted;
    Map<NodeAddress, ServerInfo> infos = infos(installed.extras());
    table.install(installed.spaces(), infos == null ? Map.of() : infos);
    flushClockTime = installed.extras().flushClockTime();
    delayedFlush = installed.extras().delayedFlush();
    rebalance.resetCompleted(installed.extras().completedClockTime());
  }

  /** Names the rebalance that is copying; 0 if none is, as far as this manager directs. */
  public long copyingTime() {
    return rebalance.copyingTime();
  }

  private static NodeExtras extras(NodeAddress server, ServerInfo info) {
    return new NodeExtras(server, info.capabilities(), info.incarnation(), info.zone());
  }

  /** Takes over what does not belong to the hash spaces themselves. */
  public void learn(ClusterExtras extras) {
    flush(extras.flushClockTime());
    delayFlush(extras.delayedFlush());
    rebalance.learnCompleted(extras.completedClockTime());
    managers.learn(extras.managers());
  }

  /** Records up to this ClockTime are absent from now on. */
  public void flush(long clockTime) {
    if (Long.compareUnsigned(clockTime, flushClockTime) > 0) {
      flushClockTime = clockTime;
    }
  }

  /** Takes the place of what was ordered before, unless this is the older order. */
  public void delayFlush(DelayedFlush order) {
    if (order.replaces(delayedFlush)) {
      delayedFlush = order;
    }
  }

  public DelayedFlush delayedFlush() {
    return delayedFlush;
  }

  /** What a message says of the nodes; null if it comes from a kumofs 0.4.13 manager. */
  public static @Nullable Map<NodeAddress, ServerInfo> infos(ClusterExtras extras) {
    if (!extras.isPresent()) {
      return null;
    }
    Map<NodeAddress, ServerInfo> infos = new HashMap<>();
    for (NodeExtras node : extras.nodes()) {
      infos.put(
          node.address(), new ServerInfo(node.capabilities(), node.incarnation(), node.zone()));
    }
    return infos;
  }
}
