package io.kumo.manager.admin;

import io.kumo.core.protocol.desk.ChangeMembers;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.control.AutoRebalance;
import io.kumo.manager.control.ClusterOrders;
import io.kumo.manager.control.ManagerContext;
import io.kumo.manager.membership.MemberTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes servers that an operator names in and out. One that serves is taken out only when every
 * record has another copy, from which the rebalance that follows gives the rest of the cluster what
 * it had. Confined to the manager's loop.
 */
final class MemberOrders {
  private static final Logger log = LoggerFactory.getLogger(MemberOrders.class);

  private final MemberTable table;
  private final ClusterOrders orders;
  private final AutoRebalance autoRebalance;

  MemberOrders(ManagerContext context, AutoRebalance autoRebalance) {
    this.table = context.table();
    this.orders = context.membership().orders();
    this.autoRebalance = autoRebalance;
  }

  /** Changes the hash spaces; why not, when it cannot be: then nothing has changed. */
  @Nullable String change(ChangeMembers order) {
    String objection = objection(order);
    if (objection != null) {
      return objection;
    }
    if (!order.attach().isEmpty() && !orders.attach(order.attach())) {
      return "nothing was attached: no server that holds records is there";
    }
    if (!order.remove().isEmpty()) {
      log.warn("told to take out {}", order.remove());
      table.remove(order.remove());
    }
    return null;
  }

  private @Nullable String objection(ChangeMembers order) {
    if (order.attach().isEmpty() && order.remove().isEmpty()) {
      return "no server is named";
    }
    if (table.spaces().write().nodes().isEmpty()) {
      return "there is no cluster yet: the first attach names no servers";
    }
    for (NodeAddress server : order.attach()) {
      String objection = attachObjection(server, order.attach());
      if (objection != null) {
        return objection;
      }
    }
    for (NodeAddress server : order.remove()) {
      String objection = removeObjection(server, order.drain());
      if (objection != null) {
        return objection;
      }
    }
    return drainObjection(order);
  }

  private @Nullable String attachObjection(NodeAddress server, Collection<NodeAddress> all) {
    if (table.spaces().write().isActive(server)) {
      return server + " is attached already";
    } else if (!table.isLive(server)) {
      return server + " is not connected to the manager that directs";
    }
    return orders.eligible(all).contains(server)
        ? null
        : server
            + " cannot be attached: its clock is off, it keeps no vote, or others may have newer"
            + " records and return with it";
  }

  private @Nullable String removeObjection(NodeAddress server, boolean drain) {
    HashSpace write = table.spaces().write();
    if (write.find(server).isEmpty()) {
      return server + " is not attached";
    }
    boolean serves = write.isActive(server);
    return serves && !drain
        ? server + " serves: drain it, which moves its records first, or stop it"
        : null;
  }

  /** What keeps a server that serves from being taken out. */
  private @Nullable String drainObjection(ChangeMembers order) {
    HashSpaces spaces = table.spaces();
    List<NodeAddress> serving = order.remove().stream().filter(spaces.write()::isActive).toList();
    if (serving.isEmpty()) {
      return null;
    }
    if (spaces.rebalancing()) {
      return "records are being moved: wait until the rebalance has ended";
    }
    if (autoRebalance.isEnabled()) {
      return "it would be attached again by itself: disable-auto-replace first";
    }
    List<NodeAddress> fault = new ArrayList<>();
    spaces.write().nodes().stream()
        .filter(node -> !node.active() && !order.remove().contains(node.address()))
        .map(Node::address)
        .forEach(fault::add);
    if (!fault.isEmpty()) {
      return fault + " is fault: bring it back or detach it first";
    }
    return leavesCopies(spaces, serving)
        ? null
        : "some records have no copy elsewhere: attach another server first, and keep more than one"
            + " copy";
  }

  /** Whether every record has a copy that stays. */
  private static boolean leavesCopies(HashSpaces spaces, Collection<NodeAddress> leaving) {
    Set<NodeAddress> gone = new LinkedHashSet<>(leaving);
    return spaces.read().dump().stream()
        .map(point -> spaces.read().activeReplicas(point.hash()))
        .noneMatch(gone::containsAll);
  }
}
