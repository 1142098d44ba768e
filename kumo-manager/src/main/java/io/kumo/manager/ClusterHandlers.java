package io.kumo.manager;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.extended.Forward;
import io.kumo.core.protocol.extended.HashSpaceReport;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.protocol.original.HashSpaceSync;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.protocol.original.ReadHashSpaceRequest;
import io.kumo.core.protocol.original.ReplaceElection;
import io.kumo.core.protocol.original.ReplaceEnd;
import io.kumo.core.protocol.original.WriteHashSpaceRequest;
import io.kumo.core.protocol.votes.ReportHealth;
import io.kumo.core.protocol.wire.HashSpaceCodec;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcException;
import io.kumo.core.rpc.TimeBound;
import io.kumo.manager.admin.AdminHandlers;
import io.kumo.manager.control.HashSpacePublisher;
import io.kumo.manager.control.ManagerContext;
import io.kumo.manager.control.Membership;
import io.kumo.manager.control.PartnerRebalanceLog;
import io.kumo.manager.control.RpcRebalanceRequests;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.ServerInfo;
import io.kumo.manager.rebalance.RebalanceControl;
import io.kumo.manager.session.NodeSessions;
import io.kumo.manager.view.ClusterState;
import java.util.Map;

/** What servers and the partner ask of a manager. Confined to the manager's loop. */
final class ClusterHandlers {
  private final MemberTable table;
  private final PartnerSync partner;
  private final Membership membership;
  private final RebalanceControl rebalance;
  private final HashSpacePublisher publisher;
  private final ClusterState state;
  private final NodeSessions sessions;
  private final HybridClock clock;
  private final TimeSource time;
  private final PartnerRebalanceLog echo = new PartnerRebalanceLog();

  ClusterHandlers(ManagerContext context) {
    this.table = context.table();
    this.partner = context.partner();
    this.membership = context.membership();
    this.rebalance = context.rebalance();
    this.publisher = context.publisher();
    this.state = context.state();
    this.sessions = context.sessions();
    this.clock = context.sessions().clock();
    this.time = context.sessions().endpoint().transport().time();
  }

  void register(RpcEndpoint endpoint, AdminHandlers admin) {
    endpoint.handle(Method.KEEP_ALIVE, KeepAlive.class, this::keepAlive);
    endpoint.handle(Method.HASH_SPACE_SYNC, HashSpaceSync.class, this::sync);
    endpoint.handle(Method.HASH_SPACE_REPORT, HashSpaceReport.class, this::report);
    endpoint.handle(Method.REPORT_HEALTH, ReportHealth.class, this::health);
    endpoint.handle(
        Method.WRITE_HASH_SPACE_REQUEST,
        WriteHashSpaceRequest.class,
        (message, caller, reply) -> answer(state.spaces().write(), reply));
    endpoint.handle(
        Method.READ_HASH_SPACE_REQUEST,
        ReadHashSpaceRequest.class,
        (message, caller, reply) -> answer(state.spaces().read(), reply));
    endpoint.handle(Method.REPLACE_COPY_END, ReplaceEnd.class, this::replaceEnd);
    endpoint.handle(Method.REPLACE_DELETE_END, ReplaceEnd.class, this::replaceEnd);
    endpoint.handle(Method.REPLACE_ELECTION, ReplaceElection.class, this::election);
    endpoint.handle(
        Method.FORWARD,
        Forward.class,
        (message, caller, reply) -> {
          requirePartner(caller);
          forwarded(message, caller, endpoint.timeBound(), admin, reply);
        });
  }

  private static NodeAddress sender(Caller caller) throws RpcException {
    Peer node = caller.node();
    if (node == null || node.address() == null) {
      throw new RpcException(ErrorCode.PROTOCOL, "the caller has not introduced itself");
    }
    return node.address();
  }

  private void requirePartner(Caller caller) throws RpcException {
    if (!partner.isPartner(sender(caller))) {
      throw new RpcException(ErrorCode.SERVER, "unknown partner node " + caller.remote());
    }
  }

  private static void answer(HashSpace space, Replier reply) {
    HashSpaceCodec.write(reply.begin(), space);
  }

  private void keepAlive(KeepAlive message, Caller caller, Replier reply) throws RpcException {
    NodeAddress node = sender(caller);
    clock.observeMessageClock(message.clock());
    membership.heartbeats().heard(node);
    Peer sender = sessions.peer(node);
    if (Capabilities.isExtended(sender.capabilities())) {
      reply.unsigned(time.unixMillis());
    } else {
      reply.nil();
    }
  }

  private void sync(HashSpaceSync message, Caller caller, Replier reply) throws RpcException {
    requirePartner(caller);
    clock.observeMessageClock(message.clock());
    if (membership.direction().votes().isOn()) {
      reply.nil();
      return;
    }
    observe(message.view().spaces().write());
    observe(message.view().spaces().read());
    state.learn(message.view().extras());
    boolean accepted = table.accepts(message.view().spaces());
    membership
        .partner()
        .synced(message.view().spaces(), ClusterState.infos(message.view().extras()));
    if (!partner.directs()) {
      echo.heard(message.copyingTime(), message.view().extras().completedClockTime());
    }
    if (accepted) {
      reply.bool(true);
    } else {
      reply.nil();
    }
  }

  private void report(HashSpaceReport message, Caller caller, Replier reply) throws RpcException {
    NodeAddress server = sender(caller);
    clock.observeMessageClock(message.clock());
    observe(message.view().spaces().write());
    boolean byVotes = membership.direction().votes().isOn();
    if (!byVotes) {
      state.learn(message.view().extras());
    }
    Map<NodeAddress, ServerInfo> infos = ClusterState.infos(message.view().extras());
    membership.servers().hasNewStore(server, message.newStore());
    membership
        .servers()
        .reported(
            server, message.view().spaces(), infos == null ? Map.of() : infos, message.clean());
    if (partner.isRetired() && !byVotes) {
      publisher.syncServer(server);
    }
    reply.nil();
  }

  private void health(ReportHealth message, Caller caller, Replier reply) throws RpcException {
    membership.servers().healthReported(sender(caller), message.full(), message.unreachable());
    reply.nil();
  }

  /** The next change must be newer than everything known. */
  private void observe(HashSpace space) {
    clock.observe(space.clockTime());
  }

  private void replaceEnd(ReplaceEnd message, Caller caller, Replier reply) throws RpcException {
    NodeAddress server = sender(caller);
    clock.observeMessageClock(message.clock());
    reply.bool(true);
    MoveStatistics statistics = message.statistics();
    if (!statistics.equals(MoveStatistics.NONE)) {
      rebalance.progressed(server, RpcRebalanceRequests.progress(statistics));
    }
    if (message.method() == Method.REPLACE_COPY_END) {
      rebalance.copyEnded(server, message.replaceTime());
    } else {
      rebalance.deleteEnded(server, message.replaceTime());
    }
  }

  /**
   * A kumofs 0.4.13 partner leaves an automatic replace to the lower address. Unlike the original
   * this answers always: the sender would start a second replace otherwise.
   */
  private void election(ReplaceElection message, Caller caller, Replier reply) throws RpcException {
    requirePartner(caller);
    clock.observeMessageClock(message.clock());
    HashSpace own = table.spaces().write();
    HashSpace received = message.hashSpace();
    boolean nothingNew =
        received.isEmpty()
            || ClockTime.isNewer(own.clockTime(), received.clockTime())
            || own.sameNodes(received);
    if (nothingNew) {
      reply.bool(true);
    } else if (partner.rank() == 1 || !membership.direction().mayDecide()) {
      reply.nil();
    } else {
      membership.orders().attach();
      membership.orders().detach();
      rebalance.start(false);
      reply.bool(true);
    }
  }

  private static void forwarded(
      Forward message, Caller caller, TimeBound bound, AdminHandlers admin, Replier reply)
      throws RpcException {
    Method method = Method.byId(message.methodId());
    if (method == null || !AdminHandlers.FORWARDED.contains(method)) {
      throw new RpcException(ErrorCode.PROTOCOL, "not to be forwarded: " + message.methodId());
    }
    try {
      Message inner = method.decode(message.params());
      if (bound.refuses(method, inner.latestClockTime(), caller.remote())) {
        throw new RpcException(ErrorCode.PROTOCOL, method + " is too far ahead");
      }
      admin.act(inner, reply);
    } catch (MalformedMessageException e) {
      throw new RpcException(ErrorCode.PROTOCOL, String.valueOf(e.getMessage()));
    }
  }
}
