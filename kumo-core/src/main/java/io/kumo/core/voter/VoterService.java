package io.kumo.core.voter;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Transport;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.Acceptance;
import io.kumo.core.vote.Acceptor;
import io.kumo.core.vote.ClockReading;
import io.kumo.core.vote.LeaseAnswer;
import io.kumo.core.vote.LeaseHolder;
import io.kumo.core.vote.LeaseRequest;
import io.kumo.core.vote.PreVote;
import io.kumo.core.vote.Promise;
import io.kumo.core.vote.ServerVote;
import io.kumo.core.vote.TermRequest;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteState;
import io.kumo.core.vote.VoteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The one vote of a running node, server or manager alike, and the views that it knows of. What
 * comes from the wire ({@link VoteHandlers}) and what a director asks of its own vote take the same
 * way through here.
 *
 * <p>An event takes effect within its call; what depends on it, the answer and the installs,
 * follows when the vote is durable: within the call if it is already. An answer that cannot be
 * given, as the disk fails, does not come; whoever asked asks again.
 *
 * <p>Confined to the transport's loop.
 */
public final class VoterService {
  private final Transport transport;
  private final Installer installer;
  private final SavedAnswers saved;
  private final List<VoteListener> listeners = new ArrayList<>();
  private ServerVote vote;
  private int installing;

  /**
   * @param writer has the vote that this process takes up
   * @param installed the view that is installed as this process starts; {@link ClusterView#NONE}
   *     for none
   */
  public VoterService(
      Transport transport,
      VoteWriter writer,
      VoteRules rules,
      ClusterView installed,
      Installer installer) {
    this.transport = transport;
    this.installer = installer;
    this.saved = new SavedAnswers(writer);
    this.vote = ServerVote.started(rules, writer.state(), installed, transport.time().nanoTime());
  }

  public void addListener(VoteListener listener) {
    listeners.add(listener);
  }

  // ---- what this node knows

  /** This node's vote. */
  public Acceptor acceptor() {
    assert transport.inLoop();
    return vote.acceptor();
  }

  /** The views and leases that this node acts by. A manager has no leases. */
  public LeaseHolder holder() {
    assert transport.inLoop();
    return vote.holder();
  }

  /** This node as a voter. */
  public Voter self() {
    return voteState().self();
  }

  public VoteState voteState() {
    return acceptor().vote();
  }

  /** The newest view that was published, as far as this node has heard; it may never count. */
  public ClusterView newest() {
    return acceptor().newest().newer(holder().noted());
  }

  /**
   * The newest view that is known to be committed; the {@link Installer} may not have been told
   * yet.
   */
  public ClusterView installed() {
    return holder().installed();
  }

  /** The director that this node hears; its term is 0 when there is none. */
  public Acceptor.Heard heard() {
    return acceptor().heard();
  }

  /** Whether views count by votes: then nothing else changes what is installed. */
  public boolean isOn() {
    ClusterView installed = installed();
    return !installed.isNone() && installed.settings().votes();
  }

  // ---- what managers ask

  /** Whether this node would follow a manager. */
  public void askFirst(TermRequest request, Consumer<PreVote> answer) {
    PreVote preVote = acceptor().preVote(request);
    whenSaved(() -> answer.accept(preVote));
  }

  public void requestTerm(TermRequest request, Consumer<Promise> answer) {
    Acceptor.Reply<Promise> reply = acceptor().promise(request);
    take(vote.with(reply.next()), reply.save());
    whenSaved(() -> answer.accept(reply.answer()));
  }

  /** A view that is to be accepted. */
  public void publish(ClusterView view, NodeAddress director, Consumer<Acceptance> answer) {
    assert transport.inLoop();
    ServerVote.Outcome outcome = vote.published(view, director, nowNs());
    take(outcome.next(), outcome.save());
    install(outcome.installs());
    whenSaved(() -> answer.accept(outcome.answer()));
  }

  /**
   * A view that is committed.
   *
   * @param done run when it is installed, by this node's {@link Installer}, and durably so; not
   *     when too many wait for that already
   */
  public void commit(ClusterView view, NodeAddress director, Runnable done) {
    assert transport.inLoop();
    ServerVote.Outcome outcome = vote.committed(view, director, nowNs());
    take(outcome.next(), outcome.save());
    install(outcome.installs());
    whenSaved(() -> whenInstalled(done));
  }

  // ---- leases

  /** A server asks for a lease. */
  public void requestLease(LeaseRequest request, Consumer<LeaseAnswer> answer) {
    Acceptor.Reply<LeaseAnswer> reply = acceptor().lease(request, nowNs());
    take(vote.with(reply.next()), reply.save());
    whenSaved(() -> answer.accept(reply.answer()));
  }

  /** A server gives its leases back. */
  public void releaseLease(Voter holder, long process) {
    take(vote.with(acceptor().released(holder, process)), false);
    listeners.forEach(listener -> listener.released(holder));
  }

  /** What this node asks voters for, itself among them. */
  public LeaseRequest leaseRequest() {
    return holder().request(voteState());
  }

  /**
   * A voter has answered {@link #leaseRequest}.
   *
   * @param sent when the request was sent
   */
  public void leaseAnswered(LeaseAnswer answer, ClockReading sent) {
    assert transport.inLoop();
    LeaseHolder.Advance advance = vote.leaseAnswered(answer, sent, clocks());
    take(vote.with(advance.next()), false);
    install(advance.installs());
  }

  /** This node goes by no lease until it asks again. */
  public void releaseOwn() {
    take(vote.with(holder().released()), false);
  }

  /** Both clocks, now. */
  public ClockReading clocks() {
    return new ClockReading(nowNs(), transport.time().unixMillis());
  }

  // ---- connections

  /** The connection to a node has ended. */
  public void lost(NodeAddress node) {
    take(vote.with(acceptor().lost(node)), false);
  }

  // ---- steps

  private void take(ServerVote next, boolean save) {
    assert transport.inLoop();
    ClusterView known = vote.holder().noted();
    boolean changed = !next.holder().equals(vote.holder());
    vote = next;
    if (save) {
      saved.save(next.acceptor().vote());
    }
    ClusterView noted = next.holder().noted();
    if (changed) {
      listeners.forEach(VoteListener::changed);
    }
    if (noted.isNewerThan(known)) {
      listeners.forEach(listener -> listener.noted(noted));
    }
  }

  private void install(List<LeaseHolder.Install> installs) {
    for (LeaseHolder.Install install : installs) {
      saved.alwaysWhenSaved(() -> installer.install(install.view(), install.skips()));
    }
  }

  private void whenInstalled(Runnable done) {
    if (installing < SavedAnswers.MAX_WAITING) {
      installing++;
      installer.whenInstalled(
          () -> {
            installing--;
            done.run();
          });
    }
  }

  private void whenSaved(Runnable answer) {
    saved.whenSaved(answer);
  }

  private long nowNs() {
    return transport.time().nanoTime();
  }
}
