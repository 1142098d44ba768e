package io.kumo.manager;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.desk.ConfigOrder;
import io.kumo.core.desk.LogLevelOrder;
import io.kumo.core.log.LogId;
import io.kumo.core.protocol.desk.NodeSetting;
import io.kumo.core.protocol.status.Gateways;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Identity;
import io.kumo.core.rpc.NameFollower;
import io.kumo.core.rpc.NamedNode;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.AdjustableInterval;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.view.ClusterId;
import io.kumo.core.vote.VoteWriter;
import io.kumo.manager.admin.AdminHandlers;
import io.kumo.manager.admin.FlushControl;
import io.kumo.manager.admin.ForcedView;
import io.kumo.manager.admin.GatewayTable;
import io.kumo.manager.admin.NodeReports;
import io.kumo.manager.admin.StateHandlers;
import io.kumo.manager.control.AutoRebalance;
import io.kumo.manager.control.CopyOrders;
import io.kumo.manager.control.HashSpacePublisher;
import io.kumo.manager.control.ManagerContext;
import io.kumo.manager.control.Membership;
import io.kumo.manager.control.RpcRebalanceRequests;
import io.kumo.manager.control.Voting;
import io.kumo.manager.election.CurrentManagers;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.election.Standing;
import io.kumo.manager.healing.AutoRejoin;
import io.kumo.manager.healing.SickServers;
import io.kumo.manager.healing.Suspensions;
import io.kumo.manager.history.OrderHistory;
import io.kumo.manager.history.PartnerHistory;
import io.kumo.manager.membership.ClockWatch;
import io.kumo.manager.membership.FailureDetector;
import io.kumo.manager.membership.ManagerRules;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.NodeWatch;
import io.kumo.manager.membership.VersionSource;
import io.kumo.manager.metrics.ManagerMetrics;
import io.kumo.manager.rebalance.RebalanceControl;
import io.kumo.manager.rebalance.RebalanceDirector;
import io.kumo.manager.session.NodeSessions;
import io.kumo.manager.session.RpcNodeLinks;
import io.kumo.manager.view.ClusterState;
import io.kumo.manager.view.ViewRounds;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the decisions of one manager together and connects them to its endpoint: handlers, node
 * events, and the timer that moves them. Confined to the manager's loop from {@link #start} on.
 */
public final class ManagerControl {
  private static final Logger log = LoggerFactory.getLogger(ManagerControl.class);

  private final MemberTable table;
  private final PartnerSync partner;
  private final Membership membership;
  private final RebalanceControl rebalance;
  private final AutoRebalance autoRebalance;
  private final AutoRejoin autoRejoin;
  private final SickServers sickServers;
  private final Suspensions suspensions;
  private final FlushControl flushes;
  private final ManagerMetrics metrics;
  private final GatewayTable gateways = new GatewayTable();
  private final NodeReports reports;
  private final OrderHistory history;
  private final @Nullable Voting voting;
  private final RpcEndpoint endpoint;
  private final AdjustableInterval keepalive;
  private final FailureDetector detector;
  private final NodeAddress self;
  private @Nullable Cancellable ticking;
  private @Nullable Cancellable following;

  /**
   * Registers everything at the endpoint, which does not listen yet.
   *
   * @param self the address of this manager, by which the pair is ranked
   * @param votes where this manager keeps its vote; null if it has none
   * @param random draws the ids of clusters, and pauses
   */
  public ManagerControl(
      RpcEndpoint endpoint,
      HybridClock clock,
      NodeAddress self,
      @Nullable NodeAddress partnerAddress,
      ManagerTimes times,
      boolean autoReplaceEnabled,
      ManagerRules rules,
      @Nullable VoteWriter votes,
      RandomGenerator random) {
    TimeSource time = endpoint.transport().time();
    long nowNs = time.nanoTime();
    this.endpoint = endpoint;
    this.history = new OrderHistory(endpoint.transport());
    this.self = self;
    this.keepalive = new AdjustableInterval(times.keepaliveNs());
    detector = new FailureDetector(times.keepaliveNs(), nowNs);
    partner = new PartnerSync(self, partnerAddress, detector::patienceNs, nowNs);
    table = new MemberTable(new VersionSource(clock, partner::rank), rules);
    RebalanceDirector director = new RebalanceDirector();
    CurrentManagers managers = new CurrentManagers(self, partner);
    ClusterState state = new ClusterState(table, director, managers);
    NodeSessions sessions =
        new NodeSessions(
            endpoint, clock, () -> partner.isRetired() ? 0 : state.spaces().write().clockTime());
    NodeWatch watch =
        new NodeWatch(detector, table, partner, sessions::isDead, time, times.reconnectNs());
    voting =
        votes == null
            ? null
            : new Voting(
                votes,
                sessions,
                self,
                table,
                partner,
                state,
                director,
                managers,
                watch,
                autoReplaceEnabled,
                random);
    Standing standing = voting == null ? Standing.NONE : voting.standing();
    ViewRounds rounds = voting == null ? ViewRounds.NONE : voting.rounds();
    HashSpacePublisher publisher = new HashSpacePublisher(sessions, table, partner, state, rounds);
    rebalance =
        new RebalanceControl(table, director, publisher, new RpcRebalanceRequests(sessions), time);
    ClockWatch clocks = new ClockWatch(partner, times.maxClockSkewMs());
    RpcNodeLinks links = new RpcNodeLinks(sessions, watch, clocks, keepalive::ns);
    membership =
        new Membership(
            table, partner, detector, watch, clocks, links, publisher, rebalance, time, standing);
    CopyOrders copies = new CopyOrders(table, partner, sessions, publisher);
    autoRebalance =
        new AutoRebalance(
            table,
            membership.direction(),
            membership.orders(),
            copies,
            rebalance,
            time,
            times.replaceDelayNs(),
            autoReplaceEnabled);
    autoRejoin =
        new AutoRejoin(
            table,
            membership.direction(),
            membership.troubles(),
            membership.orders(),
            rebalance,
            time,
            times.rejoinNs());
    sickServers =
        new SickServers(
            table,
            membership.direction(),
            watch,
            membership.health(),
            membership.troubles(),
            membership.servers(),
            time,
            keepalive::ns);
    suspensions =
        new Suspensions(
            table,
            membership.direction(),
            membership.servers(),
            membership.orders(),
            rebalance,
            publisher,
            time);
    flushes = new FlushControl(table, publisher, sessions, state);
    ManagerContext context =
        new ManagerContext(table, partner, membership, rebalance, publisher, sessions, state);
    metrics = new ManagerMetrics(context, watch, autoRejoin, sickServers, gateways::size);
    reports = new NodeReports(context, self, managers, gateways);
    register(context, new StateHandlers(context, managers), copies);
  }

  private void register(ManagerContext context, StateHandlers stateOrders, CopyOrders copies) {
    AdminHandlers admin =
        new AdminHandlers(
            context, autoRebalance, suspensions, flushes, stateOrders, copies, history);
    admin.register(endpoint);
    history.register(endpoint);
    new PartnerHistory(endpoint, partner, history).register();
    LogLevelOrder.register(endpoint);
    ConfigOrder.register(endpoint)
        .offer(NodeSetting.REJOIN_AFTER, autoRejoin::restartedNs, autoRejoin::setRestartedNs)
        .offer(NodeSetting.KEEPALIVE_INTERVAL, keepalive::ns, this::setKeepaliveNs);
    new ForcedView(endpoint, context, history).register(endpoint);
    reports.register();
    new ClusterHandlers(context).register(endpoint, admin);
    endpoint.addNodeListener(new NodeEventDispatcher(membership, partner, autoRebalance));
    if (voting != null) {
      voting.bind(new Voting.Rest(membership, context.publisher(), autoRebalance));
    }
  }

  private void setKeepaliveNs(long ns) {
    detector.setIntervalNs(ns, endpoint.transport().time().nanoTime());
    keepalive.change(ns);
  }

  /** Starts to look for the partner and to watch over nodes. */
  public void start() {
    NodeAddress address = partner.partner();
    if (address != null) {
      endpoint.peer(address).keepConnected();
    }
    ticking =
        keepalive.repeat(
            endpoint.transport(), FailureDetector.CHECKS_PER_INTERVAL, "decisions", this::tick);
    tick();
    if (voting != null) {
      voting.start();
    }
  }

  /** Looks for a partner that was named, wherever its name leads; after {@link #start}. */
  public void followPartner(NamedNode name, NameFollower.Resolver resolver) {
    partner.expected(endpoint.transport().time().nanoTime());
    following = NameFollower.follow(endpoint, name, resolver, this::partnerMoved);
  }

  private void partnerMoved(@Nullable NodeAddress before, NodeAddress now) {
    Identity self = endpoint.identity();
    if (self != null && self.address().equals(now)) {
      log.error(LogId.PARTNER_IS_SELF, "the partner's name leads to this manager itself: {}", now);
      return;
    }
    if (before != null) {
      endpoint.peer(before).letGo("its name leads elsewhere");
    }
    partner.moved(now, endpoint.transport().time().nanoTime());
    endpoint.peer(now).keepConnected();
  }

  /** Ends the timers. */
  public void stop() {
    for (Cancellable timer : Stream.of(ticking, following).filter(Objects::nonNull).toList()) {
      timer.cancel();
    }
    if (voting != null) {
      voting.stop();
    }
  }

  /** Failure detection must not end with a mistake in anything else. */
  private void tick() {
    assert endpoint.transport().inLoop();
    part("heartbeats", this::hear);
    part("membership", membership.heartbeats()::tick);
    part("rebalances", () -> rebalance.tick(membership.direction().mayDecide()));
    part("automatic rebalance", autoRebalance::tick);
    part("sick servers", sickServers::tick);
    part("suspensions", suspensions::tick);
    part("rejoins", autoRejoin::tick);
    part("flushes", () -> flushes.tick(membership.direction().mayDecide()));
    part("status", reports::look);
    part("metrics", metrics::look);
  }

  /** Whoever sends anything lives, be its answer behind much else. */
  private void hear() {
    for (Peer peer : endpoint.peers()) {
      NodeAddress address = peer.address();
      if (address != null && peer.role() != null) {
        membership.heartbeats().heard(address, peer.heardNs());
      }
    }
  }

  private void part(String name, Runnable work) {
    endpoint.transport().guard().run("decision", name, work);
  }

  /** The cluster that it directs, or would; of votes alone. */
  ClusterId cluster() {
    return voting == null ? ClusterId.NONE : voting.cluster();
  }

  /** What it measures; any thread. */
  public ManagerMetrics metrics() {
    return metrics;
  }

  /** The gateways that have said that they are there. */
  public List<Gateways.Gateway> gateways() {
    return gateways.list(endpoint.transport().time().nanoTime());
  }

  /** The orders that it was given. */
  public OrderHistory history() {
    return history;
  }

  /** The name of this manager. */
  public NodeAddress self() {
    return self;
  }

  public MemberTable table() {
    return table;
  }

  public PartnerSync partner() {
    return partner;
  }

  public Membership membership() {
    return membership;
  }

  public RebalanceControl rebalance() {
    return rebalance;
  }
}
