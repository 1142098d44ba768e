package io.kumo.it.explore;

import io.kumo.core.vote.Acceptor;
import io.kumo.core.vote.Proposer;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteState;

/** A manager: its vote, and how far it has got as a director. */
record Manager(VoteState durable, Acceptor acceptor, Proposer proposer) implements VoterProcess {
  static Manager of(VoteRules rules, VoteState kept) {
    Acceptor acceptor = VoterProcess.normal(Acceptor.started(rules, kept, -10 * TICK_NS));
    return new Manager(kept, acceptor, Proposer.idle(rules, kept.self().address(), 0));
  }

  @Override
  public Manager with(Acceptor.Reply<?> step) {
    VoteState kept = step.save() ? step.next().vote() : durable;
    return new Manager(kept, VoterProcess.normal(step.next()), proposer);
  }

  Manager with(Proposer next) {
    return new Manager(durable, acceptor, next);
  }

  @Override
  public Manager startedAgain(VoteRules rules, VoteState kept) {
    Acceptor started = VoterProcess.normal(Acceptor.started(rules, kept, 0));
    return new Manager(kept, started, Proposer.idle(rules, kept.self().address(), 0));
  }

  @Override
  public Manager afterTick() {
    return new Manager(durable, VoterProcess.older(acceptor), proposer);
  }
}
