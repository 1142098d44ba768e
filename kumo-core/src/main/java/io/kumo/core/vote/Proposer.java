package io.kumo.core.vote;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How a manager becomes the director, and how the director publishes views. Immutable; each event
 * gives the next state, and what to send. Nothing of it outlives the process: a manager that
 * restarts takes a new term.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A manager publishes in a term only after a quorum of the voters of the newest view that it
 *       has seen accepted, and a quorum of the voters before, have promised it that term.
 *   <li>The first view that it publishes in a term is that newest one, in the new term and
 *       otherwise unchanged.
 *   <li>One view is out at a time: version n + 1 follows when version n is committed, names the
 *       voters of version n as the former ones, and a quorum of its own voters has promised the
 *       term. A newcomer among them has.
 * </ul>
 *
 * <p>Requests may be lost: whoever drives this sends {@link #outstanding} again, several times in
 * the length of a lease, to who has not answered it. Confined to the manager's loop.
 *
 * @param term asked for, or held; 0 before the first
 * @param highest term that was heard of
 * @param newest view that was seen accepted or committed
 * @param committed newest view that this manager has committed in its term, {@link
 *     ClusterView#NONE} before
 * @param votes who would follow, while it asks first; who has promised the term, afterwards
 * @param publication the view that is out; null for none
 * @param sinceNs when the phase began
 */
public record Proposer(
    VoteRules rules,
    NodeAddress self,
    Phase phase,
    boolean byOperator,
    long term,
    long highest,
    ClusterView newest,
    ClusterView committed,
    Set<Voter> votes,
    @Nullable Publication publication,
    long sinceNs) {

  /** How far a manager has got. */
  public enum Phase {
    /** Another one directs, or nobody. */
    IDLE,
    /** Asks whether it would be followed. */
    ASKING,
    /** Asks for a term. */
    REQUESTING,
    /** Asks for the first term of a cluster that there is not yet. */
    FOUNDING,
    /** Has won its term. */
    DIRECTING
  }

  /** What an event led to. */
  public record Transition(Proposer next, List<ProposerAction> actions) {
    public Transition {
      actions = List.copyOf(actions);
    }
  }

  public Proposer {
    votes = Collections.unmodifiableSet(new TreeSet<>(votes));
  }

  /** Of a manager that starts. */
  public static Proposer idle(VoteRules rules, NodeAddress self, long nowNs) {
    return new Proposer(
        rules,
        self,
        Phase.IDLE,
        false,
        0,
        0,
        ClusterView.NONE,
        ClusterView.NONE,
        Set.of(),
        null,
        nowNs);
  }

  /** Whether a change may be published now. */
  public boolean mayPropose() {
    boolean republished = !committed.isNone();
    return phase == Phase.DIRECTING && rules.mayPublish(republished, publication != null);
  }

  /**
   * Begins to ask, whom it would direct. Only when the lower address is not there, or has had its
   * time.
   *
   * @param known newest view that this manager's own vote has accepted
   * @param byOperator whether an operator has ordered it
   */
  public Transition campaign(ClusterView known, boolean byOperator, long nowNs) {
    Proposer next =
        with(Phase.ASKING, byOperator, term, highest, newest.newer(known), Set.of(), null, nowNs);
    return new Transition(next, List.of(ProposerMessages.askFirst(next)));
  }

  /** Begins to found a cluster. Everybody who is to belong to it has to promise. */
  public Transition found(long nowNs) {
    Proposer next =
        with(Phase.FOUNDING, true, highest + 1, highest + 1, newest, Set.of(), null, nowNs);
    return new Transition(next, List.of(ProposerMessages.askTerm(next)));
  }

  /** A voter has said whether it would follow. */
  public Transition answered(PreVote vote, long nowNs) {
    Proposer heard = hearing(vote.term(), vote.accepted());
    if (phase != Phase.ASKING || !vote.granted()) {
      return heard.nothing();
    }
    Proposer next = heard.withVotes(plus(vote.voter()), heard.newest);
    return next.newest.isNone() || !rules.hasWon(next.newest, next.votes)
        ? next.nothing()
        : next.askAbove(nowNs);
  }

  private Transition askAbove(long nowNs) {
    long next = highest + 1;
    Phase same = phase == Phase.FOUNDING ? Phase.FOUNDING : Phase.REQUESTING;
    Proposer asks = with(same, byOperator, next, next, newest, Set.of(), null, nowNs);
    return new Transition(asks, List.of(ProposerMessages.askTerm(asks)));
  }

  /** A voter has promised a term, or refused it. */
  public Transition promised(Promise promise, long nowNs) {
    Proposer heard = hearing(promise.term(), promise.accepted());
    if (phase == Phase.IDLE || phase == Phase.ASKING) {
      return heard.nothing();
    }
    if (!promise.granted()) {
      return promise.term() > term ? heard.askAbove(nowNs) : heard.nothing();
    }
    if (promise.term() != term) {
      return heard.nothing();
    }
    Proposer next = heard.withVotes(plus(promise.voter()), heard.newest);
    boolean asks = phase == Phase.REQUESTING && !next.newest.isNone();
    boolean won = asks && rules.hasWon(next.newest, next.votes);
    return won ? next.direct(nowNs) : next.nothing();
  }

  private Transition direct(long nowNs) {
    Publication first = Publication.of(rules.republished(newest, term), List.of(), nowNs);
    return directing(first, nowNs);
  }

  private Transition directing(Publication first, long nowNs) {
    Proposer next =
        new Proposer(
            rules,
            self,
            Phase.DIRECTING,
            byOperator,
            term,
            highest,
            newest,
            ClusterView.NONE,
            votes,
            first,
            nowNs);
    return new Transition(next, List.of(ProposerMessages.publish(first)));
  }

  /**
   * Publishes the first view of a cluster, or one by force, which have no former voters.
   *
   * @param needed who has to accept it beside the quorum, and before servers see it
   */
  public Transition publishFirst(ClusterView view, List<NodeAddress> needed, long nowNs) {
    ProposalChecks.first(this, view);
    return directing(new Publication(view, needed, !needed.isEmpty(), Set.of(), nowNs), nowNs);
  }

  /**
   * Publishes a change; to be called when {@link #mayPropose}.
   *
   * @param next made by {@link ClusterView#next} of the committed one
   * @param needed who has to accept it beside the quorums
   */
  public Transition propose(ClusterView next, List<NodeAddress> needed, long nowNs) {
    ProposalChecks.next(this, next);
    Publication out = Publication.of(next, needed, nowNs);
    return new Transition(publishing(out), List.of(ProposerMessages.publish(out)));
  }

  /** The view that a change is made from: the committed one, in the term of this director. */
  public ClusterView base() {
    return committed.isNone() ? newest.inTerm(term) : committed;
  }

  /** A voter has said what it does with the view that is out. */
  public Transition accepted(Acceptance answer, long nowNs) {
    Proposer heard = hearing(answer.term(), ClusterView.NONE);
    if (phase != Phase.DIRECTING) {
      return heard.nothing();
    }
    boolean accepts = answer.status() == Acceptance.Status.ACCEPTED;
    if (!accepts) {
      return answer.term() > term ? heard.askAbove(nowNs) : heard.nothing();
    }
    if (publication == null || !answer.id().equals(publication.view().id())) {
      return heard.nothing();
    }
    Publication more = publication.acceptedBy(answer.voter());
    Proposer next = heard.withVotes(plus(answer.voter()), newest).publishing(more);
    if (more.isCommitted(rules)) {
      return next.committing(more.view());
    }
    boolean opens = publication.managersFirst() && !more.managersFirst();
    return opens ? new Transition(next, List.of(ProposerMessages.publish(more))) : next.nothing();
  }

  private Transition committing(ClusterView view) {
    Proposer next =
        new Proposer(
            rules, self, phase, byOperator, term, highest, view, view, votes, null, sinceNs);
    return new Transition(next, List.of(new ProposerAction.Commit(view)));
  }

  /**
   * To be asked several times in a lease: gives up what gets no further.
   *
   * @param reachable nodes to which there is a connection, itself included
   */
  public Transition review(Collection<NodeAddress> reachable, long nowNs) {
    String reason = ProposerPatience.endsBecause(this, reachable, nowNs);
    return reason == null ? nothing() : stepDown(reason, nowNs);
  }

  /** Directs and asks no more; another manager does, or it is to be tried anew. */
  public Transition stepDown(String reason, long nowNs) {
    Proposer next = with(Phase.IDLE, false, term, highest, newest, Set.of(), null, nowNs);
    return new Transition(next, List.of(new ProposerAction.StepDown(reason)));
  }

  /** A committed view of another director, or a term, has been heard of. */
  public Proposer hearing(long heardTerm, ClusterView view) {
    long higher = Math.max(highest, Math.max(heardTerm, view.term()));
    ClusterView newer = newest.newer(view);
    boolean news = higher > highest || view.isNewerThan(newest);
    return news ? withHeard(higher, newer) : this;
  }

  /** What is to be sent again to who has not answered it; empty if nothing is. */
  public List<ProposerAction> outstanding() {
    return ProposerMessages.outstanding(this);
  }

  /** What a manager that does not direct asks of whoever comes, to learn what it knows. */
  public TermRequest inquiry() {
    return ProposerMessages.inquiry(this);
  }

  private Set<Voter> plus(Voter voter) {
    Set<Voter> more = new TreeSet<>(votes);
    more.add(voter);
    return more;
  }

  private Proposer publishing(Publication out) {
    return with(phase, byOperator, term, highest, newest, votes, out, sinceNs);
  }

  private Proposer withVotes(Set<Voter> more, ClusterView seen) {
    return with(phase, byOperator, term, highest, seen, more, publication, sinceNs);
  }

  private Proposer withHeard(long higher, ClusterView newer) {
    return with(phase, byOperator, term, higher, newer, votes, publication, sinceNs);
  }

  private Proposer with(
      Phase nextPhase,
      boolean ordered,
      long nextTerm,
      long nextHighest,
      ClusterView seen,
      Set<Voter> followers,
      @Nullable Publication out,
      long since) {
    ClusterView kept = nextPhase == Phase.DIRECTING ? committed : ClusterView.NONE;
    return new Proposer(
        rules, self, nextPhase, ordered, nextTerm, nextHighest, seen, kept, followers, out, since);
  }

  private Transition nothing() {
    return new Transition(this, List.of());
  }
}
