package io.kumo.it.explore;

import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.Acceptor;
import io.kumo.core.vote.ClockReading;
import io.kumo.core.vote.Lease;
import io.kumo.core.vote.LeaseHolder;
import io.kumo.core.vote.ServerVote;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteState;
import java.util.Map;
import java.util.TreeMap;

/**
 * A server: what it keeps and what its process knows. Times are counted from now, which is 0.
 *
 * @param durable what a restart finds
 * @param reading whether it has begun to answer a read as the coordinator
 */
record Server(VoteState durable, ServerVote vote, boolean reading) implements VoterProcess {
  static Server of(VoteRules rules, VoteState kept, ClusterView installed) {
    return new Server(kept, ServerVote.started(rules, kept, installed, -10 * TICK_NS), false)
        .normal();
  }

  @Override
  public Acceptor acceptor() {
    return vote.acceptor();
  }

  @Override
  public Server with(Acceptor.Reply<?> step) {
    VoteState kept = step.save() ? step.next().vote() : durable;
    return new Server(kept, vote.with(step.next()), reading).normal();
  }

  Server with(ServerVote.Outcome step) {
    VoteState kept = step.save() ? step.next().acceptor().vote() : durable;
    return new Server(kept, step.next(), reading).normal();
  }

  Server with(LeaseHolder holder) {
    return new Server(durable, vote.with(holder), reading).normal();
  }

  /** An answer to a request for a lease; one of another process comes to nobody. */
  Server hearing(Network.Flight flight) {
    VoteState own = acceptor().vote();
    boolean same =
        own.self().equals(flight.request().holder()) && own.process() == flight.request().process();
    long ticks = flight.ticks();
    ClockReading sent = new ClockReading(-ticks * TICK_NS, -ticks * TICK_MS);
    ClockReading now = new ClockReading(0, 0);
    return same ? with(vote.leaseAnswered(flight.answer(), sent, now).next()) : this;
  }

  Server reading(boolean now) {
    return new Server(durable, vote, now);
  }

  @Override
  public Server startedAgain(VoteRules rules, VoteState kept) {
    ServerVote started = ServerVote.started(rules, kept, ClusterView.NONE, 0);
    return new Server(kept, started, false).normal();
  }

  @Override
  public Server afterTick() {
    LeaseHolder h = vote.holder();
    Map<Voter, ClockReading> since = new TreeMap<>();
    h.lease()
        .since()
        .forEach(
            (voter, sent) ->
                since.put(
                    voter, new ClockReading(sent.nanos() - TICK_NS, sent.unixMs() - TICK_MS)));
    LeaseHolder older =
        new LeaseHolder(h.rules(), h.self(), h.installed(), h.noted(), new Lease(since));
    return new Server(durable, new ServerVote(VoterProcess.older(acceptor()), older), reading)
        .normal();
  }

  /** Without what is over and changes nothing any more, so that equal states are equal. */
  private Server normal() {
    LeaseHolder h = vote.holder();
    Lease left = h.lease().withoutEnded(h.noted().settings().leaseMs(), new ClockReading(0, 0));
    LeaseHolder holder = new LeaseHolder(h.rules(), h.self(), h.installed(), h.noted(), left);
    return new Server(durable, new ServerVote(VoterProcess.normal(acceptor()), holder), reading);
  }

  boolean coordinates(long hash) {
    return vote.holder().coordinates(hash, new ClockReading(0, 0));
  }
}
