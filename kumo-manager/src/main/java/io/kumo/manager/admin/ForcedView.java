package io.kumo.manager.admin;

import io.kumo.core.log.LogId;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.votes.ForceView;
import io.kumo.core.protocol.votes.ForcedPart;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Transport;
import io.kumo.core.view.ClusterView;
import io.kumo.manager.control.ManagerContext;
import io.kumo.manager.control.Membership;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.election.Standing;
import io.kumo.manager.history.OrderHistory;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.rebalance.RebalanceControl;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a cluster that has lost its quorum for good go on with what is left of it. Every lease is
 * waited out; then whoever is not there is marked fault and given up, and a child of the cluster is
 * founded, by the same votes as a new one, whose replicas are made equal afterwards. Nodes that
 * still go by the parent are refused until they have gone over.
 *
 * <p>Confined to the manager's loop.
 */
public final class ForcedView {
  private static final Logger log = LoggerFactory.getLogger(ForcedView.class);
  private static final long LOOK_NS = Duration.ofMillis(100).toNanos();

  /** How long everybody who is reached may take to accept, beyond the wait for leases. */
  private static final long PATIENCE_NS = Duration.ofSeconds(20).toNanos();

  private final Transport transport;
  private final Standing votes;
  private final MemberTable table;
  private final PartnerSync partner;
  private final Membership membership;
  private final RebalanceControl rebalance;
  private final OrderHistory history;
  private boolean underWay;

  public ForcedView(RpcEndpoint endpoint, ManagerContext context, OrderHistory history) {
    this.history = history;
    this.transport = endpoint.transport();
    this.membership = context.membership();
    this.votes = membership.direction().votes();
    this.table = context.table();
    this.partner = context.partner();
    this.rebalance = context.rebalance();
  }

  public void register(RpcEndpoint endpoint) {
    endpoint.handle(Method.FORCE_VIEW, ForceView.class, this::force);
  }

  private void force(ForceView message, Caller caller, Replier reply) {
    ClusterView lost = votes.known();
    String objection = objection(lost, message.cluster());
    if (message.cluster() != ForceView.QUESTION) {
      history.follow(message, caller, reply);
    }
    if (objection != null) {
      reply.errorText(objection);
      return;
    } else if (message.cluster() == ForceView.QUESTION) {
      new ForcedPart(lost, List.copyOf(table.live().keySet())).write(reply.begin());
      return;
    }
    underWay = true;
    log.warn(
        LogId.FORCED_VIEW,
        "told to go on without a quorum of {}: waiting for leases to end",
        lost.voters().members());
    // Who granted one and cannot be reached may have done so a moment ago.
    transport.schedule(lost.settings().graceNs(), () -> leasesEnded(lost, reply));
  }

  private @Nullable String objection(ClusterView lost, long cluster) {
    if (lost.isNone() || !lost.settings().votes()) {
      return "this manager knows of no view that was voted on";
    } else if (cluster != ForceView.QUESTION && lost.cluster().id() != cluster) {
      return "this is the cluster " + Long.toHexString(lost.cluster().id());
    }
    String quorum = quorum();
    if (quorum != null) {
      return quorum;
    } else if (underWay) {
      return "a view is being forced already";
    } else if (partner.inTouch() && !partner.directs()) {
      return "give this order to the other manager, " + partner.partner();
    } else if (table.live().isEmpty()) {
      return "no server is there";
    }
    return null;
  }

  /** With one there is nothing to force. */
  private @Nullable String quorum() {
    NodeAddress other = votes.directorElsewhere();
    if (votes.directs() || other != null) {
      return "there is a quorum: " + (other == null ? "this manager" : other) + " directs";
    }
    return null;
  }

  private void leasesEnded(ClusterView lost, Replier reply) {
    String objection = quorum();
    if (objection != null || table.live().isEmpty()) {
      underWay = false;
      reply.errorText(objection == null ? "no server is there" : objection);
      return;
    }
    votes.giveUp(votes.known(), !partner.inTouch());
    goOnWithWhatIsLeft();
    awaitChild(lost.cluster().id(), transport.time().nanoTime() + PATIENCE_NS, reply);
  }

  private void goOnWithWhatIsLeft() {
    List<NodeAddress> missing = table.missing();
    List<NodeAddress> known =
        table.spaces().write().nodes().stream().map(Node::address).filter(table::isLive).toList();
    table.markFault(missing);
    table.giveUp(table.absentOwners().stream().filter(owner -> !table.isLive(owner)).toList());
    if (table.spaces().write().isEmpty()) {
      table.attach(known);
    }
    table.acceptProcesses();
    table.renewVersion();
    membership.orders().force();
    rebalance.repair();
    log.warn(LogId.FORCED_VIEW, "going on without {}: what only they have is given up", missing);
  }

  private void awaitChild(long parent, long deadlineNs, Replier reply) {
    ClusterView installed = votes.installed();
    if (installed.cluster().parent() == parent) {
      underWay = false;
      log.warn(
          LogId.FORCED_VIEW,
          "this is the cluster {} now, a child of {} made by force",
          Long.toHexString(installed.cluster().id()),
          Long.toHexString(parent));
      reply.nil();
    } else if (transport.time().nanoTime() - deadlineNs >= 0) {
      underWay = false;
      reply.errorText("not everybody who is reached has accepted it yet; it is tried on");
    } else {
      transport.schedule(LOOK_NS, () -> awaitChild(parent, deadlineNs, reply));
    }
  }
}
