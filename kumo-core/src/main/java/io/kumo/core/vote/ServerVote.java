package io.kumo.core.vote;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import java.util.List;

/**
 * A server's vote and its right to coordinate, which hear of every view in one turn: so no view
 * that its own vote accepts is unknown to it. Immutable; confined to the server's main loop.
 */
public record ServerVote(Acceptor acceptor, LeaseHolder holder) {

  /**
   * What a view led to. The order is: take {@code next}; install; save where {@code save} says so;
   * then answer.
   *
   * @param save whether {@code next.acceptor().vote()} has to be durable before the answer is sent
   */
  public record Outcome(
      ServerVote next, boolean save, Acceptance answer, List<LeaseHolder.Install> installs) {
    public Outcome {
      installs = List.copyOf(installs);
    }
  }

  /** As a process starts. */
  public static ServerVote started(
      VoteRules rules, VoteState vote, ClusterView installed, long nowNs) {
    return new ServerVote(
        Acceptor.started(rules, vote, nowNs),
        LeaseHolder.started(rules, vote.self().address(), installed, vote.accepted()));
  }

  /** A director shows a view that is to be accepted. */
  public Outcome published(ClusterView view, NodeAddress director, long nowNs) {
    return heard(holder.note(view, acceptor.vote().term()), view, director, nowNs);
  }

  /** A director shows a view that is committed. */
  public Outcome committed(ClusterView view, NodeAddress director, long nowNs) {
    return heard(holder.commit(view), view, director, nowNs);
  }

  private Outcome heard(
      LeaseHolder.Advance noted, ClusterView view, NodeAddress director, long nowNs) {
    Acceptor.Reply<Acceptance> voted = acceptor.publish(view, director, nowNs);
    ServerVote next = new ServerVote(voted.next(), noted.next());
    return new Outcome(next, voted.save(), voted.answer(), noted.installs());
  }

  /** A voter has answered a request for a lease that was sent at that time. */
  public LeaseHolder.Advance leaseAnswered(
      LeaseAnswer answer, ClockReading sent, ClockReading received) {
    if (answer.granted()) {
      return new LeaseHolder.Advance(holder.granted(answer.voter(), sent, received), List.of());
    }
    return holder.note(answer.newest(), acceptor.vote().term());
  }

  public ServerVote with(Acceptor other) {
    return new ServerVote(other, holder);
  }

  public ServerVote with(LeaseHolder other) {
    return new ServerVote(acceptor, other);
  }
}
