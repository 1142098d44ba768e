package io.kumo.server;

import io.kumo.core.cli.Version;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.item.RawKey;
import io.kumo.core.metrics.Measurement;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.Role;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Identity;
import io.kumo.core.rpc.NameFollower;
import io.kumo.core.rpc.NamedNode;
import io.kumo.core.rpc.NodeListener;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.transport.Transport;
import io.kumo.server.admin.ItemCensus;
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
import io.kumo.server.rejoin.RestartCheck;
import io.kumo.server.repair.FailoverGate;
import io.kumo.server.repair.FetchHandler;
import io.kumo.server.repair.RepairHandler;
import io.kumo.server.repair.Scrubber;
import io.kumo.server.rpc.ControlHandlers;
import io.kumo.server.rpc.ManagerClocks;
import io.kumo.server.rpc.ManagerLinks;
import io.kumo.server.rpc.RpcReplicaCaller;
import io.kumo.server.rpc.ServerHandlers;
import io.kumo.server.store.Store;
import io.kumo.server.transfer.RebalanceSettings;
import io.kumo.server.view.ServerState;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.ClientWrites;
import io.kumo.server.write.Coordinator;
import io.kumo.server.write.ReplicaHandler;
import io.kumo.server.write.WriteContext;
import io.kumo.server.write.WriteRules;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server: the store, the network and the decisions, tied together. The same in a real process,
 * in a test with several servers, and in the simulator; only the transport and the store differ.
 *
 * <p>Constructed, started and stopped on any thread; everything between runs on the transport's
 * loop.
 */
public final class ServerNode {
  private static final Logger log = LoggerFactory.getLogger(ServerNode.class);
  private static final long DRAIN_STEP_NS = Duration.ofMillis(20).toNanos();
  private static final long DRAIN_LIMIT_NS = Duration.ofSeconds(3).toNanos();
  private static final int MISSED_KEEPALIVES = 3;

  private final ServerConfig config;
  private final Transport transport;
  private final Transport worker;
  private final RpcEndpoint endpoint;
  private final ServerMetrics metrics = new ServerMetrics();
  private final ServerState state;
  private final boolean stoppedCleanly;
  private final ViewHolder spaces;
  private final HybridClock clock;
  private final WriteContext context;
  private final FailoverGate gate;
  private final Coordinator coordinator;
  private final ManagerLinks managers;
  private final Rebalancer rebalancer;
  private final TombstoneGc tombstoneGc;
  private final Housekeeping housekeeping;
  private final Rejoin rejoin;
  private final ManagerContact contact = new ManagerContact();
  private final Scrubber scrubber;

  /** With the streams of a rebalance on the same loop as everything else. */
  public ServerNode(
      Transport transport,
      Store store,
      ServerConfig config,
      RpcOptions rpc,
      RandomGenerator random) {
    this(transport, store, config, rpc, random, ServerRules.SOUND);
  }

  /** As above, by other rules than the sound ones. */
  public ServerNode(
      Transport transport,
      Store store,
      ServerConfig config,
      RpcOptions rpc,
      RandomGenerator random,
      ServerRules rules) {
    this(new Threads(transport, transport), store, OldRecords.LET_GO, config, rpc, random, rules);
  }

  /**
   * Where the work is done.
   *
   * @param main everything that is not said to be elsewhere
   * @param streams carries the records of a rebalance
   */
  public record Threads(Transport main, Transport streams) {}

  /**
   * @param store borrowed: open, and closed by the caller after {@link #stop}
   * @param oldRecords what becomes of records that are too old when this server returns
   * @param random source of the incarnation and of jitter
   */
  public ServerNode(
      Threads threads,
      Store store,
      OldRecords oldRecords,
      ServerConfig config,
      RpcOptions rpc,
      RandomGenerator random) {
    this(threads, store, oldRecords, config, rpc, random, ServerRules.SOUND);
  }

  private ServerNode(
      Threads threads,
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
    Identity identity =
        new Identity(self, Role.SERVER, Capabilities.OURS, random.nextLong(1, Long.MAX_VALUE));
    endpoint = new RpcEndpoint(transport, identity, rpc, random);
    state = new ServerState(store);
    stoppedCleanly = state.isClean();
    spaces = new ViewHolder(self, state.loadView(), transport.guard());
    if (!rules.lifecycle().trustsSavedView()) {
      spaces.waitUntilNamed(identity.incarnation());
    }
    clock = rules.clock().apply(transport.time());
    clock.observe(store.largestClockTime());
    clock.observe(spaces.current().write().clockTime());
    Watermarks watermarks = new Watermarks(store, 2 * config.maxClockSkew().toSeconds());
    context = writeContext(store, watermarks, rules.writes());
    recallRequests();
    gate = new FailoverGate(context);
    coordinator = new Coordinator(context, gate);
    gate.setWrites(coordinator::isWriting);
    scrubber = new Scrubber(endpoint, store, spaces, gate);
    managers = managerLinks();
    tombstoneGc = tombstoneGc(watermarks, rules.lifecycle());
    housekeeping = new Housekeeping(transport, worker, keeper(watermarks), tombstoneGc);
    rejoin =
        new Rejoin(
            endpoint,
            worker,
            spaces,
            new Rejoin.Before(store, watermarks, context.books(), oldRecords, rules.lifecycle()));
    rebalancer = rebalancer(watermarks, rules.rebalance());
    register();
    spaces.persistWith((view, durable) -> state.save(view, transport::execute, durable));
    spaces.dispatchTo(this::viewInstalled);
  }

  private ManagerLinks managerLinks() {
    return new ManagerLinks(
        endpoint,
        config.addresses().managers(),
        spaces,
        clock,
        config.keepaliveNs(),
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
    long keepSeconds = config.garbage().keepTime().toSeconds();
    return new TombstoneGc(
        context.store(), watermarks, spaces.self(), spaces::view, keepSeconds, rules, metrics);
  }

  /**
   * Everybody who has to know that another view is installed, in this order. It was persisted
   * before; whoever offered it is answered afterwards.
   */
  private void viewInstalled(HashSpaces now, boolean continuous) {
    long nowNs = transport.time().nanoTime();
    tell("dedup window", () -> context.books().coverage().viewInstalled(now, continuous, nowNs));
    // The coordinator asks the gate which keys are open.
    tell("key gate", () -> gate.viewInstalled(now, continuous));
    tell("coordinator", () -> coordinator.viewInstalled(continuous));
    tell("manager links", managers::viewInstalled);
    tell("replica lifecycle", () -> rejoin.viewInstalled(now));
    // What was offered early is fetched once the old records may stay.
    tell("rebalancer", rebalancer::viewInstalled);
    tell("server state", () -> state.viewInstalled(isNamedActive()));
  }

  /** What one of them throws does not keep the others from being told. */
  private void tell(String who, Runnable what) {
    transport.guard().run("installed view", who, what);
  }

  private boolean isNamedActive() {
    return spaces.isActive() && spaces.lifecycle().isNamed();
  }

  private RebalanceSettings rebalanceSettings() {
    return new RebalanceSettings(
        config.addresses().stream(),
        config.rebalance().memoryLimitBytes(),
        config.rebalance().bytesPerSecond(),
        () -> metrics.get(ServerMetric.GETS) + metrics.get(ServerMetric.SETS));
  }

  private WatermarkKeeper keeper(Watermarks watermarks) {
    return new WatermarkKeeper(
        transport.time(),
        spaces.lifecycle(),
        watermarks,
        contact,
        MISSED_KEEPALIVES * config.keepaliveNs());
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
    Store store = context.store();
    LiveRecords records = new LiveRecords(spaces, store, endpoint.transport().time());
    ReadAdmission admission = new ReadAdmission(spaces, gate, coordinator);
    ServerHandlers.registerClients(
        endpoint,
        new OriginalReads(admission, records, metrics),
        new CoordinatedReads(spaces, admission, records, gate, coordinator, metrics),
        new ClientWrites(spaces, coordinator, transport.time(), metrics));
    ServerHandlers.registerReplica(
        endpoint, new ReplicaHandler(context), new FetchHandler(context));
    StatusReport status =
        new StatusReport(
            spaces,
            store,
            clock,
            transport.time(),
            metrics,
            rebalancer::statusFlags,
            Version.current());
    new ControlHandlers(endpoint, spaces, clock, status, contact, managers).register();
    new ItemCensus(transport, worker, store, spaces, tombstoneGc::reclaimed).register(endpoint);
    rebalancer.register();
    new RepairHandler(spaces, gate).register(endpoint);
    endpoint.addNodeListener(managers);
  }

  /**
   * Listens, and connects to the managers.
   *
   * @throws IOException when the address cannot be bound; the message says which and why
   */
  public void start() throws IOException {
    state.markRunning();
    endpoint.listen(config.addresses().bind());
    rebalancer.listen();
    transport.execute(managers::start);
    transport.execute(gate::start);
    if (stoppedCleanly) {
      transport.execute(new RestartCheck(context)::start);
    }
    housekeeping.start();
    scrubber.start();
    log.info("server {} serves", config.addresses().self());
  }

  /** Looks for managers that were named, wherever their names lead. Any thread. */
  public void followManagers(List<NamedNode> names, NameFollower.Resolver resolver) {
    transport.execute(() -> managers.follow(names, resolver));
  }

  /**
   * Lets the writes under way end, for a while, then leaves the network. Completes on the loop; the
   * store may be closed then.
   */
  public CompletableFuture<Void> stop() {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    transport.execute(
        () -> {
          transport.guard().run("stop", "manager links", managers::stop);
          drain(transport.time().nanoTime() + DRAIN_LIMIT_NS, stopped);
        });
    return stopped;
  }

  private void drain(long deadlineNs, CompletableFuture<Void> stopped) {
    boolean overdue = transport.time().nanoTime() - deadlineNs >= 0;
    if (coordinator.pendingCount() > 0 && !overdue) {
      transport.schedule(DRAIN_STEP_NS, () -> drain(deadlineNs, stopped));
      return;
    }
    List<Runnable> parts =
        List.of(
            coordinator::close,
            housekeeping::stop,
            scrubber::stop,
            rebalancer::close,
            endpoint::close,
            () -> state.markStopped(transport::execute, () -> stopped.complete(null)));
    for (Runnable part : parts) {
      if (!transport.guard().run("stop", part, part) && part.equals(parts.get(parts.size() - 1))) {
        stopped.complete(null);
      }
    }
  }

  /** Has {@code listener} hear of nodes from now on. */
  public void addNodeListener(NodeListener listener) {
    transport.execute(() -> endpoint.addNodeListener(listener));
  }

  public RpcEndpoint endpoint() {
    return endpoint;
  }

  public ViewHolder spaces() {
    return spaces;
  }

  public ServerMetrics metrics() {
    return metrics;
  }

  /** What it measures; any thread. */
  public List<Measurement> measurements() {
    List<Measurement> all = new ArrayList<>(metrics.measurements());
    all.addAll(endpoint.statistics().measurements());
    return all;
  }

  /** Whether every key that this server coordinates can be served without asking others. */
  public boolean isVerified() {
    return gate.isVerified();
  }
}
