package io.kumo.server;

import io.kumo.core.cli.Version;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.desk.ConfigOrder;
import io.kumo.core.desk.LogLevelOrder;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.desk.NodeSetting;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Identity;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.transport.AdjustableInterval;
import io.kumo.core.transport.Transport;
import io.kumo.core.view.ClusterView;
import io.kumo.server.admin.ItemCensus;
import io.kumo.server.admin.NodeStatusHandler;
import io.kumo.server.admin.RecordScanHandler;
import io.kumo.server.admin.RequestWatchHandler;
import io.kumo.server.admin.StatusReport;
import io.kumo.server.lifecycle.Housekeeping;
import io.kumo.server.lifecycle.LifecycleRules;
import io.kumo.server.lifecycle.ManagerContact;
import io.kumo.server.lifecycle.TombstoneGc;
import io.kumo.server.lifecycle.WatermarkKeeper;
import io.kumo.server.lifecycle.Watermarks;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.read.CoordinatedReads;
import io.kumo.server.read.LiveRecords;
import io.kumo.server.read.OriginalReads;
import io.kumo.server.read.ReadAdmission;
import io.kumo.server.rebalance.RebalanceContext;
import io.kumo.server.rebalance.RebalanceRules;
import io.kumo.server.rebalance.Rebalancer;
import io.kumo.server.rejoin.OldRecords;
import io.kumo.server.rejoin.Rejoin;
import io.kumo.server.repair.FailoverGate;
import io.kumo.server.repair.FetchHandler;
import io.kumo.server.repair.RepairHandler;
import io.kumo.server.repair.Scrubber;
import io.kumo.server.repair.TombstoneAgreement;
import io.kumo.server.repair.VerifyHandler;
import io.kumo.server.repair.digest.DigestComparison;
import io.kumo.server.repair.digest.DigestHandler;
import io.kumo.server.rpc.ControlHandlers;
import io.kumo.server.rpc.HealthReports;
import io.kumo.server.rpc.ManagerClocks;
import io.kumo.server.rpc.ManagerLinks;
import io.kumo.server.rpc.RpcReplicaCaller;
import io.kumo.server.rpc.ServerHandlers;
import io.kumo.server.scrub.Scrub;
import io.kumo.server.snapshot.SnapshotHandler;
import io.kumo.server.store.Store;
import io.kumo.server.transfer.MovePace;
import io.kumo.server.transfer.RebalanceSettings;
import io.kumo.server.view.ServerState;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.ClientWrites;
import io.kumo.server.write.Coordinator;
import io.kumo.server.write.round.ReplicaHandler;
import io.kumo.server.write.round.WriteContext;
import io.kumo.server.write.round.WriteRules;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a server consists of, put together and tied to what is asked of it. Constructed on any
 * thread, with nothing running yet; {@link ServerNode} begins and ends it.
 */
final class ServerAssembly {
  private static final int MISSED_KEEPALIVES = 3;

  final ServerConfig config;
  final Transport transport;
  private final Transport worker;
  final RpcEndpoint endpoint;
  final ServerMetrics metrics = new ServerMetrics();
  final ServerState state;
  final boolean stoppedCleanly;
  final ViewHolder spaces;
  private final HybridClock clock;
  final WriteContext context;
  final FailoverGate gate;
  final Coordinator coordinator;
  private final AdjustableInterval keepalive;
  final ManagerLinks managers;
  final HealthReports health;
  final Rebalancer rebalancer;
  private final MovePace pace = new MovePace(0);
  private final TombstoneGc tombstoneGc;
  final Housekeeping housekeeping;
  private final Rejoin rejoin;
  private final ManagerContact contact = new ManagerContact();
  final Scrubber scrubber;
  final Scrub scrub;
  final @Nullable ServerVoting voting;
  private final NodeStatusHandler status;
  final SnapshotHandler snapshots;

  /**
   * @param store borrowed
   * @param random source of the incarnation and of jitter
   */
  ServerAssembly(
      ServerNode.Threads threads,
      Store store,
      OldRecords oldRecords,
      ServerConfig config,
      RpcOptions rpc,
      RandomGenerator random,
      ServerRules rules) {
    this.config = config;
    this.transport = threads.main();
    this.worker = threads.streams();
    NodeAddress self = config.addresses().self();
    Identity identity = identity(config, random);
    endpoint = new RpcEndpoint(transport, identity, rpc, random);
    state = new ServerState(store);
    stoppedCleanly = state.isClean();
    ClusterView voted = config.votes() == null ? ClusterView.NONE : state.loadVoted();
    spaces = new ViewHolder(self, state.loadView(voted), voted, transport.guard());
    spaces.boundBy(endpoint.timeBound());
    if (!rules.lifecycle().trustsSavedView()) {
      spaces.waitUntilNamed(identity.incarnation());
    }
    clock = rules.clock().apply(transport.time());
    observeWhatIsHere(store);
    Watermarks watermarks = new Watermarks(store, 2 * config.maxClockSkew().toSeconds());
    context = writeContext(store, watermarks, rules.writes());
    recallRequests();
    gate = new FailoverGate(context);
    coordinator = new Coordinator(context, gate);
    gate.setWrites(coordinator::isWriting);
    scrubber = new Scrubber(endpoint, store, spaces, gate);
    scrub = new Scrub(transport, worker, store, metrics);
    keepalive = new AdjustableInterval(config.keepaliveNs());
    managers = managerLinks();
    health = healthReports();
    tombstoneGc = tombstoneGc(watermarks, rules.lifecycle());
    housekeeping = new Housekeeping(transport, worker, keeper(watermarks), tombstoneGc);
    rejoin =
        new Rejoin(
            endpoint,
            worker,
            spaces,
            new Rejoin.Before(
                store,
                watermarks,
                context.books(),
                gate::recordsRemoved,
                oldRecords,
                rules.lifecycle()));
    rebalancer = rebalancer(watermarks, rules.rebalance());
    voting =
        config.votes() == null
            ? null
            : new ServerVoting(endpoint, config.votes(), rules.votes(), spaces, clock);
    status = nodeStatus(voting);
    snapshots = new SnapshotHandler(endpoint, worker, context, coordinator, gate::isVerified);
    register();
    followViews();
  }

  private static Identity identity(ServerConfig config, RandomGenerator random) {
    int capabilities = Capabilities.OURS | (config.votes() == null ? 0 : Capabilities.VOTES);
    return new Identity(
        config.addresses().self(),
        Role.SERVER,
        capabilities,
        random.nextLong(1, Long.MAX_VALUE),
        config.addresses().zone());
  }

  private void followViews() {
    spaces.persistWith(
        (view, durable) -> state.save(view, spaces.latestVoted(), transport, durable));
    spaces.dispatchTo(viewDispatch());
  }

  private NodeStatusHandler nodeStatus(@Nullable ServerVoting leases) {
    return new NodeStatusHandler(
        endpoint,
        spaces,
        () -> context.store().fullness() != null,
        () -> leases == null || leases.lease().isHeld());
  }

  private void observeWhatIsHere(Store store) {
    clock.observe(store.largestClockTime());
    clock.observe(spaces.current().write().clockTime());
  }

  private HealthReports healthReports() {
    return new HealthReports(endpoint, spaces, context.store(), clock, managers, keepalive);
  }

  private ManagerLinks managerLinks() {
    return new ManagerLinks(
        endpoint,
        config.addresses().managers(),
        spaces,
        clock,
        keepalive,
        state,
        new ManagerClocks(config.maxClockSkew()));
  }

  private Rebalancer rebalancer(Watermarks watermarks, RebalanceRules rules) {
    return new Rebalancer(
        new RebalanceContext(
            endpoint,
            worker,
            spaces,
            clock,
            rebalanceSettings(),
            new Rebalancer.Records(context.store(), watermarks, context.books(), gate, rules),
            subject -> new DigestComparison(context, subject),
            rejoin));
  }

  private WriteContext writeContext(Store store, Watermarks watermarks, WriteRules rules) {
    return new WriteContext(
        spaces,
        store,
        clock,
        new RpcReplicaCaller(endpoint, clock, rules),
        transport,
        config.writes(),
        WriteContext.Bookkeeping.of(spaces, transport.time(), metrics, watermarks::tombstoneGc),
        rules);
  }

  private TombstoneGc tombstoneGc(Watermarks watermarks, LifecycleRules rules) {
    long endedSeconds = Duration.ofNanos(config.writes().deadlineNs()).toSeconds() + 1;
    long keepSeconds = Math.max(config.garbage().keepTime().toSeconds(), endedSeconds);
    TombstoneAgreement agreement =
        new TombstoneAgreement(endpoint, spaces, rules, gate::isVerified, endedSeconds);
    agreement.register();
    return new TombstoneGc(
        context.store(),
        watermarks,
        spaces.self(),
        spaces::view,
        keepSeconds,
        rules,
        metrics,
        agreement);
  }

  private ViewDispatch viewDispatch() {
    return new ViewDispatch(
        transport, context, gate, coordinator, managers, rejoin, rebalancer, state, status, voting);
  }

  private RebalanceSettings rebalanceSettings() {
    pace.setOwn(config.rebalance().bytesPerSecond());
    return new RebalanceSettings(
        config.addresses().stream(),
        config.rebalance().memoryLimitBytes(),
        pace,
        () -> metrics.get(ServerMetric.GETS) + metrics.get(ServerMetric.SETS));
  }

  private WatermarkKeeper keeper(Watermarks watermarks) {
    return new WatermarkKeeper(
        transport.time(),
        spaces.lifecycle(),
        watermarks,
        contact,
        () -> MISSED_KEEPALIVES * keepalive.ns());
  }

  /** What was applied shortly before a crash is not to be applied again. */
  private void recallRequests() {
    long nowNs = transport.time().nanoTime();
    context
        .store()
        .recentRequests(
            (rawKey, clockTime, gatewayIncarnation, sequence) ->
                context
                    .books()
                    .requests()
                    .remember(
                        new RequestId(gatewayIncarnation, sequence),
                        RawKey.hash(rawKey),
                        clockTime,
                        nowNs));
  }

  private void register() {
    LiveRecords records = new LiveRecords(spaces, context.store(), endpoint.transport().time());
    ReadAdmission admission = new ReadAdmission(spaces, gate, coordinator);
    ServerHandlers.registerClients(
        endpoint,
        new OriginalReads(admission, records, metrics),
        new CoordinatedReads(spaces, admission, records, gate, coordinator, metrics),
        new ClientWrites(spaces, coordinator, transport.time(), metrics));
    ServerHandlers.registerReplica(
        endpoint,
        new ReplicaHandler(context),
        new FetchHandler(context),
        new DigestHandler(context));
    new ControlHandlers(endpoint, spaces, clock, statusReport(), contact, managers).register();
    new ItemCensus(transport, worker, context.store(), spaces, tombstoneGc::reclaimed)
        .register(endpoint);
    rebalancer.register();
    new RequestWatchHandler(endpoint, metrics.requests()).register();
    status.register();
    LogLevelOrder.register(endpoint);
    ConfigOrder.register(endpoint)
        .offer(NodeSetting.THROTTLE, pace::own, pace::setOwn)
        .offer(NodeSetting.SLOW_WRITE, metrics.requests()::slowNs, metrics.requests()::slowerThan)
        .offer(NodeSetting.SCRUB_RATE, scrub::rate, scrub::setRate)
        .offer(NodeSetting.KEEPALIVE_INTERVAL, keepalive::ns, this::setKeepaliveNs);
    new RecordScanHandler(endpoint, spaces, context.store()).register();
    snapshots.register();
    new RepairHandler(spaces, gate).register(endpoint);
    new VerifyHandler(context, endpoint, gate).register();
    endpoint.addNodeListener(managers);
  }

  private void setKeepaliveNs(long ns) {
    keepalive.change(ns);
    health.intervalChanged();
  }

  private StatusReport statusReport() {
    return new StatusReport(
        spaces,
        context.store(),
        clock,
        transport.time(),
        metrics,
        rebalancer::statusFlags,
        Version.current());
  }
}
