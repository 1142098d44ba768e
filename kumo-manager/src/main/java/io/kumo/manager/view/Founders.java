package io.kumo.manager.view;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.election.PartnerState;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.session.NodeSessions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who has to be there for the first view of a cluster, whether it has just been attached or has run
 * without votes until now: every active server and both managers. Confined to the manager's loop.
 */
public final class Founders {
  private final NodeAddress self;
  private final MemberTable table;
  private final PartnerSync partner;
  private final NodeSessions sessions;
  private boolean alone;

  public Founders(NodeAddress self, MemberTable table, PartnerSync partner, NodeSessions sessions) {
    this.self = self;
    this.table = table;
    this.partner = partner;
    this.sessions = sessions;
  }

  /** An operator has said that the partner is not to be waited for. */
  void setAlone() {
    alone = true;
  }

  /** Whether all are there, and keep votes. */
  boolean areThere() {
    List<NodeAddress> servers = activeServers();
    return !servers.isEmpty()
        && servers.stream().allMatch(server -> table.isLive(server) && keepsVote(server))
        && isPartnerThere();
  }

  private List<NodeAddress> activeServers() {
    return table.spaces().write().nodes().stream().filter(Node::active).map(Node::address).toList();
  }

  private boolean keepsVote(NodeAddress server) {
    return Capabilities.votes(table.info(server).capabilities());
  }

  private boolean isPartnerThere() {
    NodeAddress address = partner.partner();
    return isAlone()
        || (address != null
            && partner.inTouch()
            && Capabilities.votes(sessions.peer(address).capabilities()));
  }

  private boolean isAlone() {
    return alone || partner.state() == PartnerState.ALONE;
  }

  /** Who has to promise a term, and then to accept the first view. */
  List<NodeAddress> all() {
    List<NodeAddress> all = new ArrayList<>(managers());
    all.addAll(activeServers());
    return all;
  }

  List<NodeAddress> managers() {
    NodeAddress address = partner.partner();
    return isAlone() || address == null ? List.of(self) : List.of(self, address);
  }

  /**
   * Why the servers that are there cannot be attached as the first of a cluster; null if they can.
   */
  @Nullable String objection() {
    boolean first = table.spaces().write().nodes().isEmpty();
    boolean votes = table.newcomers().stream().allMatch(this::keepsVote);
    if (first && votes && !isAlone() && !partner.inTouch()) {
      return "the partner is not there: start it, or attach with --alone if there will be none";
    }
    return null;
  }
}
