package io.kumo.testkit.cluster;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.votes.CommitView;
import io.kumo.core.protocol.votes.PublishView;
import io.kumo.core.protocol.votes.RequestTerm;
import io.kumo.core.protocol.votes.VoteAnswers;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.view.ClusterId;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Electorate;
import io.kumo.core.view.OpenRebalance;
import io.kumo.core.view.ViewFlush;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.ViewLayout;
import io.kumo.core.view.ViewMember;
import io.kumo.core.view.ViewSettings;
import io.kumo.core.view.Voter;
import io.kumo.core.view.Voters;
import io.kumo.core.vote.Acceptance;
import io.kumo.core.vote.TermRequest;
import io.kumo.server.ServerNode;
import io.kumo.testkit.net.Endpoints;
import io.kumo.testkit.net.MemoryHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends servers the terms and views that a test tells it to, in a manager's place; it decides
 * nothing, has no vote, and is no voter. Lets time pass.
 */
public final class ScriptedDirector {
  private static final long CLUSTER = 77;
  private static final long TIMEOUT_NS = Duration.ofSeconds(2).toNanos();
  private static final int ANSWER_MS = 50;

  private final MemoryCluster cluster;
  private final NodeAddress self;
  private final RpcEndpoint endpoint;

  /** Listens at that address. */
  public ScriptedDirector(MemoryCluster cluster, NodeAddress self) {
    this.cluster = cluster;
    this.self = self;
    MemoryHost host = cluster.startHost(self);
    endpoint = Endpoints.of(host, Role.MANAGER, Capabilities.EXTENDED | Capabilities.VOTES);
    try {
      endpoint.listen(self);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it answers; for handlers of a test's own. */
  public RpcEndpoint endpoint() {
    return endpoint;
  }

  /**
   * The first view of a cluster of the servers that run now, in term 1; they are its voters.
   *
   * @param spaces made for the processes that run
   */
  public ClusterView first(HashSpaces spaces) {
    List<NodeAddress> managers = List.of(self);
    return new ClusterView(
        new ViewId(1, 1),
        new ClusterId(CLUSTER, 0),
        layout(spaces),
        ViewFlush.NONE,
        ViewSettings.DEFAULT,
        new Electorate(voters(), Voters.NONE, managers, managers));
  }

  /** The next view, with these hash spaces, made for the processes and voters that run now. */
  public ClusterView next(ClusterView view, HashSpaces spaces) {
    return view.next(voters(), view.electorate().managers()).withLayout(layout(spaces));
  }

  private Voters voters() {
    List<Voter> members = new ArrayList<>();
    cluster.servers().forEach(server -> members.add(server.requireVoter().self()));
    return new Voters(members, null);
  }

  private ViewLayout layout(HashSpaces spaces) {
    List<ViewMember> members = new ArrayList<>();
    for (NodeAddress address : cluster.serverAddresses()) {
      ServerNode server = cluster.server(address);
      long incarnation = server.endpoint().identity().incarnation();
      members.add(new ViewMember(address, Capabilities.OURS, incarnation, ""));
    }
    return new ViewLayout(spaces, members, OpenRebalance.NONE, 0);
  }

  /** Asks all servers that run for a term; how many have promised it. */
  public int askTerm(long term) {
    TermRequest request = new TermRequest(term, self, CLUSTER, true);
    int promised = 0;
    for (CallResult answer : toAll(new RequestTerm(request))) {
      promised += answer.error() == null && isGranted(answer) ? 1 : 0;
    }
    return promised;
  }

  private static boolean isGranted(CallResult answer) {
    try {
      return VoteAnswers.readPromise(answer.result()).granted();
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Shows a view to all servers that run; how many have accepted it. While others have leases it
   * takes a second time: they name the view once they have noted it.
   */
  public int publish(ClusterView view) {
    int accepted = 0;
    for (CallResult answer : toAll(new PublishView(view, self))) {
      accepted += answer.isDone() && answer.error() == null && isAccepted(answer) ? 1 : 0;
    }
    return accepted;
  }

  private static boolean isAccepted(CallResult answer) {
    try {
      return VoteAnswers.readAcceptance(answer.result()).status() == Acceptance.Status.ACCEPTED;
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  /** Tells all servers that run that a view is committed; how many have installed it. */
  public int commit(ClusterView view) {
    int installed = 0;
    for (CallResult answer : toAll(new CommitView(view, self))) {
      installed += answer.isDone() && answer.error() == null ? 1 : 0;
    }
    return installed;
  }

  /** Has a view of the servers that run accepted and installed by all of them. */
  public ClusterView found(HashSpaces spaces) {
    ClusterView view = first(spaces);
    askTerm(1);
    install(view);
    return view;
  }

  /** Has a view accepted and installed by all servers that run, or fails. */
  public void install(ClusterView view) {
    int all = cluster.servers().size();
    int accepted = publish(view);
    int installed = commit(view);
    if (accepted != all || installed != all) {
      throw new AssertionError(view + " accepted by " + accepted + ", installed by " + installed);
    }
  }

  private List<CallResult> toAll(Message message) {
    List<CallResult> answers = new ArrayList<>();
    for (NodeAddress server : List.copyOf(cluster.serverAddresses())) {
      CallResult answer = new CallResult();
      answers.add(answer);
      cluster.host(self).enter(() -> endpoint.peer(server).call(message, TIMEOUT_NS, answer));
    }
    cluster.runMillis(ANSWER_MS);
    return answers;
  }
}
