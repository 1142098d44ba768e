package io.kumo.manager.view;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.Role;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.Acceptance;
import io.kumo.core.vote.PreVote;
import io.kumo.core.vote.Promise;
import io.kumo.core.vote.Proposer;
import io.kumo.core.vote.Proposer.Phase;
import io.kumo.core.vote.ProposerAction;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.voter.VoterService;
import io.kumo.manager.election.Campaign;
import io.kumo.manager.election.Electors;
import io.kumo.manager.session.NodeSessions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Drives a {@link Proposer}: asks to direct when nobody does, and tells who hears it what came of
 * that. What is to be published is not its business.
 *
 * <p>Confined to the manager's loop.
 */
public final class ViewDirector implements VoteCalls.Answers {
  /** More than managers ask for in any number of tries. */
  private static final long GIVEN_UP_TERMS = 1L << 32;

  private final VoterService voter;
  private final VoteCalls calls;
  private final Campaign campaign;
  private final TimeSource time;
  private final NodeAddress self;
  private final DirectorEvents events;
  private final Map<NodeAddress, Voter> followers = new TreeMap<>();
  private final Electors electors = new Electors();
  private final OwnCluster cluster;
  private final QuorumContact contact = new QuorumContact();
  private final DirectedTerm ownTerm;
  private final ProposalSender sender;
  private Proposer proposer;

  public ViewDirector(
      VoterService voter,
      NodeSessions sessions,
      NodeAddress self,
      VoteRules rules,
      Campaign campaign,
      DirectorEvents events) {
    this.voter = voter;
    this.self = self;
    this.campaign = campaign;
    this.events = events;
    this.ownTerm = new DirectedTerm(events);
    this.time = sessions.endpoint().transport().time();
    this.calls = new VoteCalls(sessions, voter, self, this);
    this.cluster = new OwnCluster(electors, calls);
    this.sender =
        new ProposalSender(calls, voter, rules, sessions.endpoint().transport(), this::proposer);
    this.proposer = Proposer.idle(rules, self, time.nanoTime());
  }

  // ---- how it stands

  /**
   * The newest view that this manager has seen published, whether or not it counts; none if it can
   * never be followed by another.
   */
  ClusterView known() {
    ClusterView newest = newest();
    return electors.isDead(newest) ? ClusterView.NONE : newest;
  }

  /** The same, dead or not. */
  public ClusterView newest() {
    return proposer.newest().newer(voter.newest());
  }

  /** Whether it may change the view; the founder may while its first view is voted on. */
  boolean directs() {
    return ownTerm.isDirectedBy(proposer);
  }

  NodeAddress self() {
    return self;
  }

  /** Whether the pause after the last try is over. */
  boolean mayTry() {
    return campaign.mayTry(time.nanoTime());
  }

  boolean isIdle() {
    return proposer.phase() == Phase.IDLE;
  }

  boolean isFounding() {
    return proposer.phase() == Phase.FOUNDING;
  }

  Proposer proposer() {
    return proposer;
  }

  VoteCalls calls() {
    return calls;
  }

  /** Who has promised the term, by address. */
  Map<NodeAddress, Voter> followers() {
    return followers;
  }

  /** Who directs, as far as this manager hears; null for itself or nobody. */
  @Nullable NodeAddress heardDirector() {
    boolean nobody = voter.heard().term() == 0 || voter.heard().director().equals(self);
    return nobody ? null : voter.heard().director();
  }

  /** What is known of those who vote. */
  Electors electors() {
    return electors;
  }

  /** Whether no quorum of voters was heard at some time in that span. */
  boolean wasCutOff(long withinNs) {
    return contact.wasLost(withinNs, time.nanoTime());
  }

  // ---- orders

  /**
   * No quorum of that view will come back. What is founded in its place has a term above all that
   * others may reach who still go by it.
   */
  void giveUp(ClusterView lost) {
    electors.giveUp(lost);
    proposer = proposer.hearing(lost.term() + GIVEN_UP_TERMS, ClusterView.NONE);
  }

  void found() {
    calls.forget();
    ownTerm.found();
    apply(proposer.found(time.nanoTime()));
  }

  void publishFirst(ClusterView first, List<NodeAddress> needed) {
    apply(proposer.publishFirst(first, needed, time.nanoTime()));
  }

  void propose(ClusterView next) {
    apply(proposer.propose(next, List.of(), time.nanoTime()));
  }

  /** Asks to direct because an operator has said so, whoever the view names. */
  void campaignByOperator() {
    campaign(true);
  }

  /** Who would have followed in a former try is asked again. */
  private void campaign(boolean byOperator) {
    calls.forget();
    apply(proposer.campaign(voter.voteState().accepted(), byOperator, time.nanoTime()));
  }

  void stepDown(String reason) {
    apply(proposer.stepDown(reason, time.nanoTime()));
  }

  // ---- events

  /** The session with a node has ended. */
  void lost(NodeAddress node) {
    electors.lost(node);
    tick();
  }

  @Override
  public void preVote(NodeAddress node, PreVote vote) {
    electors.heard(node, vote.voter());
    if (isOurs(node, vote.accepted())) {
      apply(proposer.answered(vote, time.nanoTime()));
      events.moved();
    }
  }

  @Override
  public void promise(NodeAddress node, Promise promise) {
    electors.heard(node, promise.voter());
    if (isOurs(node, promise.accepted())) {
      apply(proposer.promised(promise, time.nanoTime()));
      followed(node, promise.voter());
      events.moved();
    }
  }

  @Override
  public void acceptance(NodeAddress node, Acceptance answer) {
    switch (answer.status()) {
      case FOREIGN -> electors.addForeign(node);
      case WAITING -> sender.resendSoon();
      case ACCEPTED, REFUSED -> {
        apply(proposer.accepted(answer, time.nanoTime()));
        followed(node, answer.voter());
        if (sender.isDecisive()) {
          sender.resend();
        }
        events.moved();
      }
    }
  }

  /** Only who counts as one that has promised the term may be named a voter. */
  private void followed(NodeAddress node, Voter as) {
    if (proposer.votes().contains(as) && !isIdle()) {
      followers.put(node, as);
    }
  }

  private boolean isOurs(NodeAddress node, ClusterView accepted) {
    return cluster.includes(node, accepted, known(), ownTerm.isFounding());
  }

  // ---- time

  /** To be called several times in the length of a lease, and when nodes come and go. */
  public void tick() {
    long nowNs = time.nanoTime();
    proposer = proposer.hearing(voter.voteState().term(), voter.installed());
    Set<NodeAddress> reachable = new HashSet<>(Set.of(self));
    calls.voters().forEach(peer -> reachable.add(VoteCalls.address(peer)));
    contact.reached(known().voters(), reachable, nowNs);
    apply(proposer.review(reachable, nowNs));
    if (proposer.phase() == Phase.DIRECTING && voter.voteState().term() > proposer.term()) {
      stepDown("another manager has been promised a later term");
    }
    if (heardDirector() != null) {
      campaign.heard(nowNs);
    } else if (isIdle() && campaign.isDue(self, known(), voter.installed().id(), nowNs)) {
      campaign(false);
    }
    sender.resend();
    events.moved();
  }

  /** The connected servers that have not said yet what they know. */
  List<NodeAddress> unheardServers() {
    return calls.voters().stream()
        .filter(peer -> peer.role() == Role.SERVER)
        .map(VoteCalls::address)
        .filter(node -> !electors.hasHeard(node))
        .toList();
  }

  /** Asks those that have not said yet what they know. */
  void askWhatTheyKnow() {
    calls.voters().stream()
        .filter(peer -> !electors.hasHeard(VoteCalls.address(peer)))
        .forEach(peer -> calls.askFirst(peer, proposer.inquiry()));
  }

  // ---- steps

  private void apply(Proposer.Transition event) {
    boolean directed = directs();
    boolean busy = !isIdle();
    Proposer.Transition step = event;
    if (step.next().term() != proposer.term()) {
      followers.clear();
      boolean outbids = proposer.phase() != Phase.ASKING && step.next().phase() == Phase.REQUESTING;
      if (!outbids) {
        campaign.begun();
      } else if (!campaign.mayOutbid()) {
        step = step.next().stepDown("another manager asks for terms, too", time.nanoTime());
      }
    }
    proposer = step.next();
    String reason = "another manager has been promised a later term";
    for (ProposerAction action : step.actions()) {
      sender.send(action);
      if (action instanceof ProposerAction.Commit commit) {
        committed(commit.view());
      } else if (action instanceof ProposerAction.StepDown down) {
        reason = down.reason();
      }
    }
    if ((directed && !directs()) || (busy && isIdle())) {
      ended(reason);
    }
  }

  private void committed(ClusterView view) {
    campaign.begun();
    ownTerm.committed(view);
  }

  private void ended(String reason) {
    campaign.failed(known().settings().leaseNs(), time.nanoTime());
    voter.lost(self);
    ownTerm.ended(reason);
  }
}
