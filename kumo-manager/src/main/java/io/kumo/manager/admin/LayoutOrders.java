package io.kumo.manager.admin;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.protocol.desk.ChangeMembers;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Replier;
import io.kumo.manager.control.AutoRebalance;
import io.kumo.manager.control.CopyOrders;
import io.kumo.manager.control.HashSpacePublisher;
import io.kumo.manager.control.ManagerContext;
import io.kumo.manager.control.Membership;
import io.kumo.manager.election.Standing;
import io.kumo.manager.rebalance.RebalanceControl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Orders that change who is in the hash spaces, or have records move to where they belong: attach,
 * detach, servers named one by one, and a rebalance. Confined to the manager's loop.
 */
final class LayoutOrders {
  private final Membership membership;
  private final RebalanceControl rebalance;
  private final HashSpacePublisher publisher;
  private final MemberOrders members;
  private final Standing votes;
  private final CopyOrders copies;

  LayoutOrders(ManagerContext context, AutoRebalance autoReplace, CopyOrders copies) {
    this.membership = context.membership();
    this.rebalance = context.rebalance();
    this.publisher = context.publisher();
    this.members = new MemberOrders(context, autoReplace);
    this.votes = membership.direction().votes();
    this.copies = copies;
  }

  static boolean movesRecords(Message message) {
    return message instanceof AttachNewServers
        || message instanceof DetachFaultServers
        || message instanceof ChangeMembers
        || message instanceof StartReplace;
  }

  void attach(AttachNewServers attach, Replier reply) {
    if (attach.force()) {
      membership.orders().force();
    }
    String objection = attachObjection(attach);
    if (objection != null) {
      reply.errorText(objection);
      return;
    }
    copies.settle(attach.copies());
    List<NodeAddress> strangers = membership.orders().strangers();
    membership.orders().attach();
    copies.placeInZones();
    follow(attach.replace(), false, () -> attached(strangers, reply), reply);
  }

  private @Nullable String attachObjection(AttachNewServers attach) {
    String objection = attach.force() ? null : membership.direction().objection();
    if (objection == null) {
      objection = copies.objection(attach.copies());
    }
    return objection == null ? votes.firstAttachObjection(attach.alone()) : objection;
  }

  private static void attached(List<NodeAddress> strangers, Replier reply) {
    if (strangers.isEmpty()) {
      reply.nil();
    } else {
      reply.errorText(
          "not attached, as they keep no vote, belong to another cluster, or know three"
              + " copies without zones only: "
              + strangers);
    }
  }

  void change(ChangeMembers change, Replier reply) {
    String objection = members.change(change);
    if (objection != null) {
      reply.errorText(objection);
      return;
    }
    copies.placeInZones();
    follow(true, false, reply);
  }

  void detach(DetachFaultServers detach, Replier reply) {
    membership.orders().detach();
    follow(detach.replace(), false, reply);
  }

  void replace(StartReplace start, Replier reply) {
    follow(true, start.full(), reply);
  }

  /** Answers when the partner and the servers have been told. */
  private void follow(boolean replace, boolean full, Replier reply) {
    follow(replace, full, reply::nil, reply);
  }

  private void follow(boolean replace, boolean full, Runnable done, Replier reply) {
    if (replace) {
      rebalance.start(full);
    } else {
      rebalance.layoutChanged();
    }
    publisher.publish(done, reply::errorText);
  }
}
