package io.kumo.core.vote;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;

/**
 * One vote: what a server or a manager promises, accepts and grants. Immutable; each event gives
 * the next state, and what to answer.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>The term never falls, and each is promised once. What was accepted never becomes older.
 *   <li>A change of {@link #vote} is durable before its answer is sent ({@link Reply#save}). The
 *       next event may be handled before; its answer waits for the same save.
 *   <li>A view is accepted in its own term or above what was promised, and only when every other
 *       server that may hold a lease of this voter has named it, or one newer.
 *   <li>From when a view is noted ({@link #newest}) no lease is granted to who does not name it, so
 *       the wait for leases ends.
 * </ul>
 *
 * <p>Whoever owns it confines it to one thread, the one that asks the server's {@link LeaseHolder}:
 * a server's own lease is not waited for, because it notes a view in the turn in which it votes.
 *
 * @param vote what is durable, or about to be
 * @param waiting newest published view that has not been accepted; {@link ClusterView#NONE} if
 *     there is none
 * @param quietUntilNs nothing is accepted before: leases that a former process granted may last so
 *     long; by the monotonic clock
 * @param heard the director that this voter hears
 */
public record Acceptor(
    VoteRules rules,
    VoteState vote,
    ClusterView waiting,
    LeaseGrants grants,
    long quietUntilNs,
    Heard heard) {

  /** A director whose connection stands, and its term; 0 for none. */
  public record Heard(NodeAddress director, long term) {
    static final Heard NOBODY = new Heard(NodeAddress.fromBits(0, 0), 0);
  }

  /**
   * What an event led to.
   *
   * @param save whether {@code next.vote()} has to be durable before the answer is sent
   */
  public record Reply<A>(Acceptor next, boolean save, A answer) {}

  /** As a process starts with what it kept, or with a fresh vote. */
  public static Acceptor started(VoteRules rules, VoteState vote, long nowNs) {
    boolean forgot = !vote.accepted().isNone();
    long quiet = forgot ? rules.quietUntilNs(nowNs, vote.accepted().settings()) : nowNs;
    return new Acceptor(rules, vote, ClusterView.NONE, LeaseGrants.NONE, quiet, Heard.NOBODY);
  }

  /** The newest view that this voter knows, accepted or not. */
  public ClusterView newest() {
    return vote.accepted().newer(waiting);
  }

  /** Asked whether it would follow a manager. */
  public PreVote preVote(TermRequest request) {
    boolean hears = heard.term != 0 && !heard.director.equals(request.candidate());
    boolean granted = knows(request) && !hears;
    return new PreVote(vote.self(), granted, vote.term(), vote.accepted());
  }

  /** Asked to promise a term. */
  public Reply<Promise> promise(TermRequest request) {
    boolean granted = knows(request) && rules.mayPromise(request.term(), vote.term());
    if (!granted) {
      return answer(new Promise(vote.self(), false, vote.term(), vote.accepted()));
    }
    VoteState promised = vote.promised(request.term());
    ClusterView stillWaiting = waiting.term() < request.term() ? ClusterView.NONE : waiting;
    Acceptor next = new Acceptor(rules, promised, stillWaiting, grants, quietUntilNs, Heard.NOBODY);
    return reply(next, new Promise(vote.self(), true, request.term(), vote.accepted()));
  }

  private boolean knows(TermRequest request) {
    if (vote.accepted().isNone()) {
      return true;
    }
    boolean known = request.cluster() == 0 || request.cluster() == vote.accepted().cluster().id();
    return known
        && (request.byOperator() || vote.accepted().electorate().names(request.candidate()));
  }

  /**
   * Shown a view that a director has published or committed. A view that has to wait is to be shown
   * again; the same view is accepted as often as it is shown.
   */
  public Reply<Acceptance> publish(ClusterView view, NodeAddress director, long nowNs) {
    if (!view.cluster().isOpenTo(vote.accepted().cluster())) {
      return answer(view, Acceptance.Status.FOREIGN);
    }
    if (view.term() < vote.term()) {
      return answer(view, Acceptance.Status.REFUSED);
    }
    Acceptor noted = noting(view, director);
    if (view.id().equals(vote.accepted().id())) {
      return noted.answer(view, Acceptance.Status.ACCEPTED);
    }
    if (vote.accepted().isNewerThan(view)) {
      return noted.answer(view, Acceptance.Status.REFUSED);
    }
    if (!noted.mayAccept(view, nowNs)) {
      return noted.answer(view, Acceptance.Status.WAITING);
    }
    VoteState accepted = vote.accepted(view);
    ClusterView left = noted.waiting.isNewerThan(view) ? noted.waiting : ClusterView.NONE;
    Acceptor next = new Acceptor(rules, accepted, left, grants, quietUntilNs, noted.heard);
    Acceptance answer =
        new Acceptance(vote.self(), Acceptance.Status.ACCEPTED, view.id(), view.term());
    return reply(next, answer);
  }

  private Acceptor noting(ClusterView view, NodeAddress director) {
    boolean news = view.isNewerThan(newest());
    ClusterView noted = news ? view : waiting;
    Heard hears = heard.term > view.term() ? heard : new Heard(director, view.term());
    return new Acceptor(rules, vote, noted, grants, quietUntilNs, hears);
  }

  private boolean mayAccept(ClusterView view, long nowNs) {
    return nowNs - quietUntilNs >= 0
        && grants.unaware(view.id(), vote.self().address(), nowNs).stream()
            .noneMatch(server -> rules.waitsFor(server, vote.accepted(), view));
  }

  /** Asked for a lease. */
  public Reply<LeaseAnswer> lease(LeaseRequest request, long nowNs) {
    ClusterView newest = newest();
    boolean foreign = newest.cluster().id() != request.cluster();
    if (newest.isNone() || foreign || grants.isStale(request.holder(), request.process())) {
      return answer(new LeaseAnswer(vote.self(), false, ClusterView.NONE));
    }
    if (newest.id().isNewerThan(request.named())) {
      LeaseGrants left = grants.heard(request.holder(), request.process());
      return new Reply<>(with(left), false, new LeaseAnswer(vote.self(), false, newest));
    }
    long untilNs = nowNs + newest.settings().graceNs();
    LeaseGrants more = grants.granted(request, untilNs, nowNs);
    return new Reply<>(with(more), false, new LeaseAnswer(vote.self(), true, ClusterView.NONE));
  }

  /** A server gives its leases back, or is known to have been started anew. */
  public Acceptor released(Voter holder, long process) {
    return with(grants.released(holder, process));
  }

  /** A later process of a server has been heard: the leases of those before it are over. */
  public Acceptor heardProcess(Voter holder, long process) {
    return with(grants.heard(holder, process));
  }

  /** The connection to a node has ended. */
  public Acceptor lost(NodeAddress node) {
    boolean director = heard.director.equals(node);
    return director ? new Acceptor(rules, vote, waiting, grants, quietUntilNs, Heard.NOBODY) : this;
  }

  private Acceptor with(LeaseGrants others) {
    return new Acceptor(rules, vote, waiting, others, quietUntilNs, heard);
  }

  private Reply<Acceptance> answer(ClusterView view, Acceptance.Status status) {
    return answer(new Acceptance(vote.self(), status, view.id(), vote.term()));
  }

  private <A> Reply<A> answer(A answer) {
    return new Reply<>(this, false, answer);
  }

  private <A> Reply<A> reply(Acceptor next, A answer) {
    return new Reply<>(next, rules.savesVotes() && !next.vote.equals(vote), answer);
  }
}
