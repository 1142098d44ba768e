package io.kumo.manager.admin;

import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.DelayedFlush;
import io.kumo.core.protocol.ManagerList;
import io.kumo.core.protocol.admin.LoadState;
import io.kumo.core.protocol.admin.MoveManagers;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Replier;
import io.kumo.manager.control.ManagerParts;
import io.kumo.manager.control.MembershipControl;
import io.kumo.manager.control.Outgoing;
import io.kumo.manager.control.Publisher;
import io.kumo.manager.control.Views;
import io.kumo.manager.election.Succession;
import io.kumo.manager.membership.ServerInfo;
import java.util.List;
import java.util.Map;

/**
 * What an operator does with the state of managers as a whole: give it to one, or have the cluster
 * go by others. Confined to the manager's loop.
 */
public final class StateHandlers {
  private final MembershipControl membership;
  private final Publisher publisher;
  private final Outgoing outgoing;
  private final Views views;
  private final Succession succession;

  public StateHandlers(ManagerParts parts, Succession succession) {
    this.membership = parts.membership();
    this.publisher = parts.publisher();
    this.outgoing = parts.outgoing();
    this.views = parts.views();
    this.succession = succession;
  }

  List<NodeAddress> managers() {
    return succession.managers().addresses();
  }

  /** Answers when the partner and the servers have been told. */
  void move(MoveManagers message, Replier reply) {
    if (message.managers().isEmpty() || message.managers().size() > 2) {
      reply.errorText("one manager or two");
      return;
    }
    succession.learn(new ManagerList(outgoing.clock().next(), message.managers()));
    publisher.publish(reply::nil);
  }

  /**
   * Who the managers are is not taken from what is loaded: it may be meant for other ones. A later
   * hash space that a server shows still counts.
   *
   * @return whether it was taken over
   */
  boolean load(LoadState message, Replier reply) {
    ClusterView view = message.view();
    if (view.spaces().write().nodes().isEmpty()) {
      reply.errorText("no server is attached in what is loaded");
      return false;
    }
    outgoing.clock().observe(view.spaces().write().clockTime());
    outgoing.clock().observe(view.spaces().read().clockTime());
    Map<NodeAddress, ServerInfo> infos = Views.infos(view.extras());
    if (!membership.load(view.spaces(), infos == null ? Map.of() : infos, message.force())) {
      reply.errorText("this manager knows a later state; --force loads the older one all the same");
      return false;
    }
    views.learn(loadable(view.extras()));
    publisher.publish(reply::nil);
    return true;
  }

  /** Whether a flush that was due before now has been done is not known: it is left alone. */
  private ClusterExtras loadable(ClusterExtras extras) {
    DelayedFlush flush = extras.delayedFlush();
    outgoing.clock().observe(flush.stamp());
    long nowSeconds = outgoing.endpoint().transport().time().unixMillis() / 1000;
    return new ClusterExtras(
        extras.nodes(),
        extras.flushClockTime(),
        extras.settledClockTime(),
        flush.dueSeconds() > nowSeconds ? flush : DelayedFlush.NONE,
        ManagerList.NONE);
  }
}
