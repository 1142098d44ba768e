package io.kumo.server.view;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.votes.ReleaseLease;
import io.kumo.core.protocol.votes.RequestLease;
import io.kumo.core.protocol.votes.VoteAnswers;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.ClockReading;
import io.kumo.core.vote.LeaseAnswer;
import io.kumo.core.vote.LeaseRequest;
import io.kumo.core.voter.VoteListener;
import io.kumo.core.voter.VoterService;
import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a server's leases from ending: asks every voter of the installed and of the newest noted
 * view, itself among them, four times in the length of a lease, and at once when a view is noted. A
 * server that no view calls active asks for none, as voters wait for who has one. Main loop only.
 */
public final class LeaseClient implements VoteListener {
  private static final int REQUESTS_A_LEASE = 4;

  private final RpcEndpoint endpoint;
  private final VoterService voter;
  private final ViewHolder spaces;
  private @Nullable Cancellable next;
  private boolean stopped;

  public LeaseClient(RpcEndpoint endpoint, VoterService voter, ViewHolder spaces) {
    this.endpoint = endpoint;
    this.voter = voter;
    this.spaces = spaces;
  }

  /** Asks, again and again, until this server stops. */
  public void start() {
    ask();
  }

  @Override
  public void noted(ClusterView view) {
    ask();
  }

  private void ask() {
    if (stopped) {
      return;
    }
    if (next != null) {
      next.cancel();
    }
    long leaseNs = voter.holder().noted().settings().leaseNs();
    next = endpoint.transport().schedule(leaseNs / REQUESTS_A_LEASE, this::ask);
    if (isActive(voter.holder().noted()) || isActive(spaces.latestVoted())) {
      ClockReading sent = voter.clocks();
      LeaseRequest request = voter.leaseRequest();
      voter.holder().voters().forEach(other -> ask(other, request, sent, leaseNs));
    }
  }

  private boolean isActive(ClusterView view) {
    return view.settings().votes() && view.layout().spaces().write().isActive(spaces.self());
  }

  private void ask(Voter other, LeaseRequest request, ClockReading sent, long timeoutNs) {
    if (other.equals(voter.self())) {
      voter.requestLease(request, answer -> voter.leaseAnswered(answer, sent));
      return;
    }
    call(other.address(), new RequestLease(request), timeoutNs, new Answer(other, sent));
  }

  private void call(NodeAddress node, Message message, long timeoutNs, ReplyHandler handler) {
    endpoint.peer(node).call(message, timeoutNs, handler);
  }

  /** What a voter has said to what was sent at that time. */
  private final class Answer implements ReplyHandler {
    private final Voter from;
    private final ClockReading sent;

    Answer(Voter from, ClockReading sent) {
      this.from = from;
      this.sent = sent;
    }

    @Override
    public void reply(ByteBuf result) throws MalformedMessageException {
      LeaseAnswer answer = VoteAnswers.readLeaseAnswer(result);
      long latest = answer.newest().latestClockTime();
      if (!stopped && !endpoint.timeBound().refuses("a view", latest, from.address())) {
        voter.leaseAnswered(answer, sent);
      }
    }

    /** It is asked again soon. */
    @Override
    public void error(ErrorCode code, String detail) {}
  }

  /**
   * Gives all leases back, and coordination with them: asks for none any more, and tells the voters
   * and the managers, one of which directs and is to give this server's keys to others.
   */
  public void release() {
    stopped = true;
    if (next != null) {
      next.cancel();
    }
    Set<NodeAddress> told = new HashSet<>(spaces.latestVoted().electorate().managers());
    voter.holder().voters().forEach(other -> told.add(other.address()));
    told.remove(spaces.self());
    long timeoutNs = voter.holder().noted().settings().leaseNs();
    ReleaseLease message = new ReleaseLease(voter.self(), voter.voteState().process());
    voter.releaseOwn();
    voter.releaseLease(voter.self(), voter.voteState().process());
    told.forEach(node -> call(node, message, timeoutNs, new Told()));
  }

  /** It need not be answered: what is not told ends by itself. */
  private static final class Told implements ReplyHandler {
    @Override
    public void reply(ByteBuf result) {}

    @Override
    public void error(ErrorCode code, String detail) {}
  }
}
