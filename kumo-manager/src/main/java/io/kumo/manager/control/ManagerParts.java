package io.kumo.manager.control;

import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.rebalance.ReplaceControl;

/** What the handlers of a manager work on. */
public record ManagerParts(
    MemberTable table,
    PartnerSync partner,
    MembershipControl membership,
    ReplaceControl replaces,
    Publisher publisher,
    Outgoing outgoing,
    Views views) {}
