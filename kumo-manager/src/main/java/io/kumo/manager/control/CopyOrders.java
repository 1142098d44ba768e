package io.kumo.manager.control;

import io.kumo.core.log.LogId;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.session.NodeSessions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many copies a cluster keeps, and in which zones: what an attach may settle of it. Neither is
 * given to anybody who would place keys in another way for want of knowing it: kumofs 0.4.13, and
 * builds from before there was a choice. Confined to the manager's loop.
 */
public final class CopyOrders {
  private static final Logger log = LoggerFactory.getLogger(CopyOrders.class);

  private final MemberTable table;
  private final PartnerSync partner;
  private final NodeSessions sessions;
  private final HashSpacePublisher publisher;

  public CopyOrders(
      MemberTable table, PartnerSync partner, NodeSessions sessions, HashSpacePublisher publisher) {
    this.table = table;
    this.partner = partner;
    this.sessions = sessions;
    this.publisher = publisher;
  }

  /**
   * Why a cluster cannot have so many copies; null if it can.
   *
   * @param copies as an operator wants them; 0 for what there is
   */
  public @Nullable String objection(int copies) {
    HashSpace write = table.spaces().write();
    if (copies == 0 || (copies == write.copies() && !write.nodes().isEmpty())) {
      return null;
    }
    if (copies < 0 || copies > HashSpace.MAX_COPIES) {
      return "there can be 1 to " + HashSpace.MAX_COPIES + " copies, not " + copies;
    }
    if (!write.nodes().isEmpty()) {
      return "this cluster keeps "
          + write.copies()
          + (write.copies() == 1 ? " copy" : " copies")
          + " of each record: that was settled with its first attach, and cannot be changed";
    }
    List<String> others = readersOfPlainLayouts();
    return copies == HashSpace.DEFAULT_COPIES || others.isEmpty()
        ? null
        : "three copies are all that " + others + " can do with: upgrade or stop them first";
  }

  /** Settles it for a cluster that is attached for the first time; 0 for the default. */
  public void settle(int copies) {
    if (copies != 0 && table.spaces().write().nodes().isEmpty()) {
      table.settleCopies(copies);
    }
  }

  /**
   * Has each connected server of the write hash space counted where its {@code --zone} says that it
   * is, once everybody can read that; whether the layout changed. Nothing is made known yet.
   */
  public boolean placeInZones() {
    List<NodeAddress> elsewhere =
        table.spaces().write().nodes().stream()
            .filter(node -> table.isLive(node.address()))
            .filter(node -> !node.zone().equals(table.info(node.address()).zone()))
            .map(Node::address)
            .toList();
    if (elsewhere.isEmpty()) {
      return false;
    }
    List<String> others = new ArrayList<>(readersOfPlainLayouts());
    table.spaces().write().nodes().stream()
        .map(Node::address)
        .filter(server -> !Capabilities.knowsCopies(table.info(server).capabilities()))
        .forEach(server -> others.add(server.toString()));
    if (!others.isEmpty()) {
      log.warn(
          LogId.ZONES_NOT_USED,
          "the zones of {} do not count yet: {} cannot place keys by them; upgrade, then attach",
          elsewhere,
          others);
      return false;
    }
    log.info("zones count as servers say them now: {}", elsewhere);
    return table.placeInZones(elsewhere);
  }

  /** Who places keys, is no server, and knows three copies without zones only. */
  private List<String> readersOfPlainLayouts() {
    List<String> readers = new ArrayList<>(publisher.gatewaysOfPlainLayouts());
    NodeAddress address = partner.partner();
    if (address != null
        && partner.inTouch()
        && !Capabilities.knowsCopies(sessions.peer(address).capabilities())) {
      readers.add("manager " + address);
    }
    return readers;
  }
}
