package io.kumo.manager.admin;

import io.kumo.core.cli.Version;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.status.CurrentView;
import io.kumo.core.protocol.status.Gateways;
import io.kumo.core.protocol.status.GetGateways;
import io.kumo.core.protocol.status.GetNodeStatus;
import io.kumo.core.protocol.status.GetView;
import io.kumo.core.protocol.status.NodeStatus;
import io.kumo.core.protocol.status.RegisterGateway;
import io.kumo.core.protocol.status.RingState;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.view.ClusterView;
import io.kumo.manager.control.ManagerContext;
import io.kumo.manager.election.CurrentManagers;
import io.kumo.manager.election.Direction;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.view.ClusterState;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What this manager says of itself and of the gateways that have come to it; each manager is asked
 * for itself, as what they differ in is what an operator wants to see. Confined to the manager's
 * loop.
 */
public final class NodeReports {
  private final NodeAddress self;
  private final ClusterState state;
  private final PartnerSync partner;
  private final Direction direction;
  private final CurrentManagers managers;
  private final TimeSource time;
  private final GatewayTable gateways;
  private final GatewayQuestions questions = new GatewayQuestions();
  private final RpcEndpoint endpoint;
  private final long startedNs;
  private HashSpaces seen = HashSpaces.EMPTY;
  private long changedMs;

  public NodeReports(
      ManagerContext context, NodeAddress self, CurrentManagers managers, GatewayTable gateways) {
    this.self = self;
    this.state = context.state();
    this.partner = context.partner();
    this.direction = context.membership().direction();
    this.managers = managers;
    this.endpoint = context.sessions().endpoint();
    this.time = endpoint.transport().time();
    this.gateways = gateways;
    this.startedNs = time.nanoTime();
  }

  /** Answers those who ask. */
  public void register() {
    endpoint.handle(
        Method.GET_NODE_STATUS,
        GetNodeStatus.class,
        (message, caller, reply) -> status().write(reply.begin()));
    endpoint.handle(
        Method.GET_VIEW, GetView.class, (message, caller, reply) -> view().write(reply.begin()));
    endpoint.handle(
        Method.GET_GATEWAYS,
        GetGateways.class,
        (message, caller, reply) ->
            new Gateways(gateways.list(time.nanoTime())).write(reply.begin()));
    endpoint.handle(Method.REGISTER_GATEWAY, RegisterGateway.class, this::gateway);
    questions.register(endpoint);
  }

  /** Notes when the hash spaces have changed; to be called several times a second. */
  public void look() {
    HashSpaces now = state.spaces();
    if (!now.equals(seen)) {
      seen = now;
      changedMs = time.unixMillis();
    }
  }

  private void gateway(RegisterGateway message, Caller caller, Replier reply) {
    if (gateways.heard(message, caller.remote(), time.nanoTime())) {
      questions.came(caller);
      reply.nil();
    } else {
      reply.error(ErrorCode.SERVER);
    }
  }

  private NodeStatus status() {
    look();
    long uptimeNs = time.nanoTime() - startedNs;
    return new NodeStatus(
        self.toString(),
        Version.current(),
        word(),
        endpoint.transport().protection(),
        TimeUnit.NANOSECONDS.toSeconds(uptimeNs),
        RingState.of(seen.write()),
        RingState.of(seen.read()),
        direction.votes().installed().id(),
        direction.mayDecide(),
        changedMs,
        0,
        0,
        endpoint.links());
  }

  private String word() {
    if (partner.isRetired()) {
      return "retired";
    } else if (direction.mayDecide()) {
      return "directing";
    }
    return director() == null ? "waiting" : "following";
  }

  private CurrentView view() {
    ClusterView installed = direction.votes().installed();
    List<NodeAddress> followed = managers.followed();
    NodeAddress other = partner.partner();
    List<NodeAddress> pair = Stream.ofNullable(other).toList();
    List<NodeAddress> known =
        followed.isEmpty() ? Stream.concat(Stream.of(self), pair.stream()).toList() : followed;
    return new CurrentView(installed, known.stream().sorted().toList(), director());
  }

  private @Nullable NodeAddress director() {
    if (direction.mayDecide()) {
      return self;
    } else if (direction.votes().isOn()) {
      return direction.votes().directorElsewhere();
    }
    return partner.inTouch() && !partner.directs() ? partner.partner() : null;
  }
}
