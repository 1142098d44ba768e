package io.kumo.manager;

import io.kumo.core.log.LogId;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.Role;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.NodeListener;
import io.kumo.core.rpc.Peer;
import io.kumo.manager.control.AutoRebalance;
import io.kumo.manager.control.Membership;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.membership.ServerInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the decisions of nodes that come and go. Confined to the manager's loop. */
final class NodeEventDispatcher implements NodeListener {
  private static final Logger log = LoggerFactory.getLogger(NodeEventDispatcher.class);

  private final Membership membership;
  private final PartnerSync partner;
  private final AutoRebalance autoReplace;

  NodeEventDispatcher(Membership membership, PartnerSync partner, AutoRebalance autoReplace) {
    this.membership = membership;
    this.partner = partner;
    this.autoReplace = autoReplace;
  }

  @Override
  public void nodeAppeared(Peer peer) {
    NodeAddress address = peer.address();
    Role role = peer.role();
    if (address == null || role == null) {
      return;
    }
    log.warn("new node {} {}", role.id(), address);
    switch (role) {
      case SERVER -> {
        ServerInfo info = new ServerInfo(peer.capabilities(), peer.incarnation(), peer.zone());
        membership.servers().appeared(address, info);
        autoReplace.touched();
      }
      case MANAGER -> managerAppeared(address, peer);
    }
  }

  private void managerAppeared(NodeAddress address, Peer peer) {
    if (partner.isPartner(address)) {
      membership.partner().appeared(Capabilities.isExtended(peer.capabilities()));
    } else {
      log.error(LogId.STRANGE_MANAGER, "{} calls itself a manager but is not the partner", address);
    }
  }

  @Override
  public void nodeLost(Peer peer) {
    NodeAddress address = peer.address();
    if (address == null) {
      return;
    }
    log.warn(LogId.NODE_LOST, "lost node  {}", address);
    if (partner.isPartner(address)) {
      membership.partner().lost();
    } else if (peer.role() != Role.MANAGER) {
      membership.servers().lost(address);
      autoReplace.touched();
    }
  }
}
