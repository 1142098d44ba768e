package io.kumo.manager.view;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.votes.AskFirst;
import io.kumo.core.protocol.votes.CommitView;
import io.kumo.core.protocol.votes.PublishView;
import io.kumo.core.protocol.votes.RequestTerm;
import io.kumo.core.protocol.votes.VoteAnswers;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.ViewId;
import io.kumo.core.vote.Acceptance;
import io.kumo.core.vote.PreVote;
import io.kumo.core.vote.Promise;
import io.kumo.core.vote.TermRequest;
import io.kumo.core.voter.VoterService;
import io.kumo.manager.session.NodeSessions;
import io.kumo.manager.session.ReplyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Asks and tells the nodes that vote, this one among them, by calls. Who has not answered is asked
 * again when the same is sent again; who is being asked, or has answered, is not.
 *
 * <p>Confined to the manager's loop.
 */
final class VoteCalls {
  /** Who hears the answers. */
  interface Answers {
    void preVote(NodeAddress node, PreVote vote);

    void promise(NodeAddress node, Promise promise);

    void acceptance(NodeAddress node, Acceptance acceptance);
  }

  private enum Kind {
    ASK_FIRST,
    ASK_TERM,
    PUBLISH,
    COMMIT
  }

  /** What a process is told: once, when it answers. */
  private record Delivery(NodeAddress node, long incarnation, Kind kind, ViewId what) {}

  private static final long TIMEOUT_NS = Duration.ofMillis(500).toNanos();

  private static final long CONFIRM_TIMEOUT_NS = Duration.ofSeconds(3).toNanos();

  /** Of what is over; what it was bounds it, and it is emptied when it has grown. */
  private static final int MAX_ANSWERED = 4096;

  private final NodeSessions sessions;
  private final VoterService voter;
  private final NodeAddress self;
  private final Answers answers;
  private final Set<Delivery> underway = new HashSet<>();
  private final Set<Delivery> answered = new HashSet<>();

  VoteCalls(NodeSessions sessions, VoterService voter, NodeAddress self, Answers answers) {
    this.sessions = sessions;
    this.voter = voter;
    this.self = self;
    this.answers = answers;
  }

  /** The nodes that vote and that there is a connection to, but for this one. */
  List<Peer> voters() {
    return sessions.endpoint().peers().stream().filter(VoteCalls::isVoter).toList();
  }

  static boolean isVoter(Peer peer) {
    return peer.address() != null
        && peer.role() != null
        && peer.connected()
        && Capabilities.votes(peer.capabilities());
  }

  void askFirst(TermRequest request) {
    voters().forEach(peer -> askFirst(peer, request));
    voter.askFirst(request, vote -> answers.preVote(self, vote));
  }

  void askFirst(Peer peer, TermRequest request) {
    Delivery delivery = delivery(peer, Kind.ASK_FIRST, new ViewId(request.term(), 0));
    send(
        peer,
        delivery,
        new AskFirst(request),
        result -> {
          PreVote vote = VoteAnswers.readPreVote(result);
          ended(delivery, vote.granted());
          if (isTimely(vote.accepted(), delivery)) {
            answers.preVote(delivery.node(), vote);
          }
        });
  }

  void askTerm(TermRequest request) {
    for (Peer peer : voters()) {
      Delivery delivery = delivery(peer, Kind.ASK_TERM, new ViewId(request.term(), 0));
      send(
          peer,
          delivery,
          new RequestTerm(request),
          result -> {
            Promise promise = VoteAnswers.readPromise(result);
            ended(delivery, promise.granted());
            if (isTimely(promise.accepted(), delivery)) {
              answers.promise(delivery.node(), promise);
            }
          });
    }
    Delivery own = new Delivery(self, 0, Kind.ASK_TERM, new ViewId(request.term(), 0));
    if (begin(own)) {
      voter.requestTerm(
          request,
          promise -> {
            ended(own, promise.granted());
            answers.promise(self, promise);
          });
    }
  }

  /** A voter whose view no honest clock has made is as good as silent. */
  private boolean isTimely(ClusterView accepted, Delivery delivery) {
    return !sessions
        .endpoint()
        .timeBound()
        .refuses("a vote", accepted.latestClockTime(), delivery.node());
  }

  /**
   * Shows a view.
   *
   * @param toSelf whether this manager's own vote is asked, too
   */
  void publish(ClusterView view, boolean toManagers, boolean toSelf) {
    for (Peer peer : voters()) {
      if (!toManagers || peer.role() == Role.MANAGER) {
        publish(peer, view);
      }
    }
    Delivery own = new Delivery(self, 0, Kind.PUBLISH, view.id());
    if (toSelf && begin(own)) {
      voter.publish(view, self, acceptance -> accepted(own, acceptance));
    }
  }

  private void publish(Peer peer, ClusterView view) {
    Delivery delivery = delivery(peer, Kind.PUBLISH, view.id());
    send(
        peer,
        delivery,
        new PublishView(view, self),
        result -> accepted(delivery, VoteAnswers.readAcceptance(result)));
  }

  private void accepted(Delivery delivery, Acceptance acceptance) {
    ended(delivery, acceptance.status() == Acceptance.Status.ACCEPTED);
    answers.acceptance(delivery.node(), acceptance);
  }

  void commit(ClusterView view) {
    for (Peer peer : voters()) {
      commit(peer, view);
    }
    Delivery own = new Delivery(self, 0, Kind.COMMIT, view.id());
    if (begin(own)) {
      voter.commit(view, self, () -> ended(own, true));
    }
  }

  private void commit(Peer peer, ClusterView view) {
    Delivery delivery = delivery(peer, Kind.COMMIT, view.id());
    send(peer, delivery, new CommitView(view, self), result -> ended(delivery, true));
  }

  /** Asks a node to install a view, whether or not it has said so before. */
  void confirm(Peer peer, ClusterView view, Consumer<Boolean> taken) {
    peer.call(
        new CommitView(view, self),
        CONFIRM_TIMEOUT_NS,
        ReplyHandlers.of(result -> taken.accept(true), (code, detail) -> taken.accept(false)));
  }

  /** Whoever has answered is asked again all the same: another term, or none. */
  void forget() {
    underway.clear();
    answered.clear();
  }

  /** A node is told what is committed again, though it has said that it knows. */
  void tellAgain(NodeAddress node) {
    answered.removeIf(past -> past.kind() == Kind.COMMIT && past.node().equals(node));
  }

  private Delivery delivery(Peer peer, Kind kind, ViewId what) {
    return new Delivery(address(peer), peer.incarnation(), kind, what);
  }

  static NodeAddress address(Peer peer) {
    NodeAddress address = peer.address();
    if (address == null) {
      throw new IllegalArgumentException("not a node: " + peer);
    }
    return address;
  }

  private void send(Peer peer, Delivery delivery, Message message, ReplyHandlers.Reader answer) {
    if (begin(delivery)) {
      peer.call(
          message, TIMEOUT_NS, ReplyHandlers.of(answer, (code, detail) -> ended(delivery, false)));
    }
  }

  private boolean begin(Delivery delivery) {
    return !answered.contains(delivery) && underway.add(delivery);
  }

  private void ended(Delivery delivery, boolean done) {
    underway.remove(delivery);
    if (done) {
      if (answered.size() >= MAX_ANSWERED) {
        answered.clear();
      }
      answered.add(delivery);
    }
  }
}
