package io.kumo.manager.control;

import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.rebalance.RebalanceControl;
import io.kumo.manager.session.NodeSessions;
import io.kumo.manager.view.ClusterState;

/** What the handlers of a manager work on. */
public record ManagerContext(
    MemberTable table,
    PartnerSync partner,
    Membership membership,
    RebalanceControl rebalance,
    HashSpacePublisher publisher,
    NodeSessions sessions,
    ClusterState state) {}
