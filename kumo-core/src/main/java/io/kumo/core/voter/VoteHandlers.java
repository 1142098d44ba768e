package io.kumo.core.voter;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.votes.AskFirst;
import io.kumo.core.protocol.votes.CommitView;
import io.kumo.core.protocol.votes.PublishView;
import io.kumo.core.protocol.votes.ReleaseLease;
import io.kumo.core.protocol.votes.RequestLease;
import io.kumo.core.protocol.votes.RequestTerm;
import io.kumo.core.protocol.votes.VoteAnswers;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.NodeListener;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcException;
import org.jspecify.annotations.Nullable;

/**
 * Ties what comes over the wire to a {@link VoterService}. A node speaks for itself alone: a
 * manager asks and publishes, a server asks for leases, both in the name that they introduced
 * themselves by.
 */
public final class VoteHandlers implements NodeListener {
  private final VoterService voter;

  private VoteHandlers(VoterService voter) {
    this.voter = voter;
  }

  /** Before the endpoint listens. */
  public static void register(RpcEndpoint endpoint, VoterService voter) {
    VoteHandlers handlers = new VoteHandlers(voter);
    endpoint.handle(Method.ASK_FIRST, AskFirst.class, handlers::askFirst);
    endpoint.handle(Method.REQUEST_TERM, RequestTerm.class, handlers::requestTerm);
    endpoint.handle(Method.PUBLISH_VIEW, PublishView.class, handlers::publish);
    endpoint.handle(Method.COMMIT_VIEW, CommitView.class, handlers::commit);
    endpoint.handle(Method.REQUEST_LEASE, RequestLease.class, handlers::requestLease);
    endpoint.handle(Method.RELEASE_LEASE, ReleaseLease.class, handlers::releaseLease);
    endpoint.addNodeListener(handlers);
  }

  private void askFirst(AskFirst message, Caller caller, Replier replier) throws RpcException {
    check(caller, Role.MANAGER, message.request().candidate());
    voter.askFirst(message.request(), vote -> VoteAnswers.write(replier.begin(), vote));
  }

  private void requestTerm(RequestTerm message, Caller caller, Replier replier)
      throws RpcException {
    check(caller, Role.MANAGER, message.request().candidate());
    voter.requestTerm(message.request(), promise -> VoteAnswers.write(replier.begin(), promise));
  }

  private void publish(PublishView message, Caller caller, Replier replier) throws RpcException {
    check(caller, Role.MANAGER, message.director());
    voter.publish(
        message.view(),
        message.director(),
        acceptance -> VoteAnswers.write(replier.begin(), acceptance));
  }

  private void commit(CommitView message, Caller caller, Replier replier) throws RpcException {
    check(caller, Role.MANAGER, message.director());
    voter.commit(message.view(), message.director(), replier::nil);
  }

  private void requestLease(RequestLease message, Caller caller, Replier replier)
      throws RpcException {
    check(caller, Role.SERVER, message.request().holder().address());
    voter.requestLease(message.request(), answer -> VoteAnswers.write(replier.begin(), answer));
  }

  private void releaseLease(ReleaseLease message, Caller caller, Replier replier)
      throws RpcException {
    check(caller, Role.SERVER, message.holder().address());
    voter.releaseLease(message.holder(), message.process());
    replier.nil();
  }

  private static void check(Caller caller, Role role, NodeAddress name) throws RpcException {
    Peer node = caller.node();
    if (node == null || node.role() != role || !name.equals(node.address())) {
      throw new RpcException(ErrorCode.PROTOCOL, caller.remote() + " is not " + role + " " + name);
    }
  }

  @Override
  public void nodeLost(Peer peer) {
    @Nullable NodeAddress address = peer.address();
    if (address != null) {
      voter.lost(address);
    }
  }
}
