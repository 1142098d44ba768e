package io.kumo.manager.control;

import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.PartnerSync;

/** What the handlers of a manager work on. */
record ManagerParts(
    MemberTable table,
    PartnerSync partner,
    MembershipControl membership,
    ReplaceControl replaces,
    Publisher publisher,
    Outgoing outgoing,
    Views views) {}
