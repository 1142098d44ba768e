package io.kumo.manager.admin;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.DelayedFlush;
import io.kumo.core.protocol.ManagerList;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.admin.LoadState;
import io.kumo.core.protocol.admin.MoveManagers;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Replier;
import io.kumo.manager.control.ClusterOrders;
import io.kumo.manager.control.HashSpacePublisher;
import io.kumo.manager.control.ManagerContext;
import io.kumo.manager.election.CurrentManagers;
import io.kumo.manager.election.Standing;
import io.kumo.manager.membership.ServerInfo;
import io.kumo.manager.session.NodeSessions;
import io.kumo.manager.view.ClusterState;
import java.util.List;
import java.util.Map;

/**
 * What an operator does with the state of managers as a whole: give it to one, or have the cluster
 * follow others. Confined to the manager's loop.
 */
public final class StateHandlers {
  private final ClusterOrders orders;
  private final HashSpacePublisher publisher;
  private final NodeSessions sessions;
  private final ClusterState state;
  private final CurrentManagers managers;
  private final Standing votes;

  public StateHandlers(ManagerContext context, CurrentManagers managers) {
    this.orders = context.membership().orders();
    this.publisher = context.publisher();
    this.sessions = context.sessions();
    this.state = context.state();
    this.managers = managers;
    this.votes = context.membership().direction().votes();
  }

  List<NodeAddress> managers() {
    return managers.followed();
  }

  /** Answers when the partner and the servers have been told. */
  void move(MoveManagers message, Replier reply) {
    if (message.managers().isEmpty() || message.managers().size() > 2) {
      reply.errorText("one manager or two");
      return;
    }
    votes.takeOver(
        () -> {
          managers.learn(new ManagerList(sessions.clock().next(), message.managers()));
          publisher.publish(reply::nil, reply::errorText);
        },
        reply::errorText);
  }

  /**
   * Who the managers are is not taken from what is loaded: it may be meant for other ones. A later
   * hash space that a server shows still counts.
   *
   * @return whether it was taken over
   */
  boolean load(LoadState message, Replier reply) {
    PublishedSpaces view = message.view();
    if (view.spaces().write().nodes().isEmpty()) {
      reply.errorText("no server is attached in what is loaded");
      return false;
    }
    if (votes.isOn()) {
      return knows(view, reply);
    }
    sessions.clock().observe(view.spaces().write().clockTime());
    sessions.clock().observe(view.spaces().read().clockTime());
    Map<NodeAddress, ServerInfo> infos = ClusterState.infos(view.extras());
    if (!orders.load(view.spaces(), infos == null ? Map.of() : infos, message.force())) {
      reply.errorText("this manager knows a later state; --force loads the older one all the same");
      return false;
    }
    state.learn(loadable(view.extras()));
    publisher.publish(reply::nil, reply::errorText);
    return true;
  }

  /** A view that has been voted on is not replaced by what somebody has kept. */
  private boolean knows(PublishedSpaces loaded, Replier reply) {
    if (ClockTime.isNewer(
        loaded.spaces().write().clockTime(), state.spaces().write().clockTime())) {
      reply.errorText(
          "this cluster decides by votes: its managers learn its state from its servers");
    } else {
      reply.nil();
    }
    return false;
  }

  /** Whether a flush that was due before now has been done is not known: it is left alone. */
  private ClusterExtras loadable(ClusterExtras extras) {
    DelayedFlush flush = extras.delayedFlush();
    sessions.clock().observe(flush.version());
    long nowSeconds = sessions.endpoint().transport().time().unixMillis() / 1000;
    return new ClusterExtras(
        extras.nodes(),
        extras.flushClockTime(),
        extras.completedClockTime(),
        flush.dueSeconds() > nowSeconds ? flush : DelayedFlush.NONE,
        ManagerList.NONE);
  }
}
