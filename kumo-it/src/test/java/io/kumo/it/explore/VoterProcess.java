package io.kumo.it.explore;

import io.kumo.core.view.ViewSettings;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.Acceptor;
import io.kumo.core.vote.LeaseGrants;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteState;
import java.util.Map;
import java.util.TreeMap;

/** What server and manager have in common: a vote. Immutable. */
interface VoterProcess {
  /** A lease lasts one step and not two, a voter's grant exactly two. */
  long TICK_MS = ViewSettings.DEFAULT_LEASE_MS * 11 / 20;

  long TICK_NS = TICK_MS * 1_000_000;

  VoteState durable();

  Acceptor acceptor();

  VoterProcess with(Acceptor.Reply<?> step);

  /** A new process, with the vote that it finds. */
  VoterProcess startedAgain(VoteRules rules, VoteState kept);

  VoterProcess afterTick();

  /** As it is a step of the clock later. */
  static Acceptor older(Acceptor a) {
    Map<Voter, LeaseGrants.Grant> grants = new TreeMap<>();
    a.grants()
        .byHolder()
        .forEach(
            (holder, grant) ->
                grants.put(
                    holder,
                    new LeaseGrants.Grant(
                        grant.process(), grant.named(), grant.untilNs() - TICK_NS)));
    return normal(
        new Acceptor(
            a.rules(),
            a.vote(),
            a.waiting(),
            new LeaseGrants(grants),
            a.quietUntilNs() - TICK_NS,
            a.heard()));
  }

  /** Without leases that are over, and hearing nobody: whoever wants to may always ask. */
  static Acceptor normal(Acceptor a) {
    Map<Voter, LeaseGrants.Grant> left = new TreeMap<>(a.grants().byHolder());
    left.values().removeIf(grant -> grant.untilNs() <= 0);
    long quiet = Math.max(0, a.quietUntilNs());
    return new Acceptor(a.rules(), a.vote(), a.waiting(), new LeaseGrants(left), quiet, a.heard())
        .lost(a.heard().director());
  }
}
