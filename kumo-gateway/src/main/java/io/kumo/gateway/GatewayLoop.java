package io.kumo.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kumo.core.cli.listen.ListenAddress;
import io.kumo.core.http.LoopQuestion;
import io.kumo.core.http.OwnHosts;
import io.kumo.core.http.Readiness;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.RingHolder;
import io.kumo.core.route.Router;
import io.kumo.core.route.RoutingListener;
import io.kumo.core.route.cluster.ServerClocks;
import io.kumo.core.route.cluster.ViewSubscriber;
import io.kumo.core.route.request.KeyCommand;
import io.kumo.core.rpc.NameFollower;
import io.kumo.core.rpc.NamedNode;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcStatistics;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.transport.Transport;
import io.kumo.gateway.client.ClientLoop;
import io.kumo.gateway.http.HttpKeys;
import io.kumo.gateway.listener.ClientListener;
import io.kumo.gateway.listener.ProtocolDecoders;
import io.kumo.gateway.memcached.CommandPool;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.gateway.metrics.GatewayMetrics;
import io.kumo.gateway.metrics.GatewayTotals;
import io.kumo.gateway.metrics.RouteMetrics;
import io.kumo.gateway.route.Flusher;
import io.kumo.gateway.route.KeyLister;
import io.kumo.gateway.route.LayoutCheck;
import io.kumo.gateway.route.Registration;
import io.kumo.gateway.stats.GeneralStats;
import io.kumo.gateway.stats.ServerStats;
import io.kumo.gateway.stats.StatsExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * All of a gateway that one event loop runs: client connections, routing, and connections to
 * managers and servers. Loops share nothing but the process.
 */
final class GatewayLoop implements AutoCloseable {
  private static final long SWEEP_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long RELIEF_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long CLOSE_SECONDS = 2;

  private final NettyTransport sockets;
  private final Transport transport;
  private final GatewayConfig config;
  private final RpcEndpoint endpoint;
  private final RingHolder ring;
  private final ViewSubscriber managers;
  private final Router router;
  private final ServerClocks clocks;
  private final ClientLoop clientLoop;
  private final McSettings memcached;
  private final ProtocolDecoders decoders;
  private final CommandPool pool;
  private final List<ClientListener> listeners = new ArrayList<>();
  private final List<Cancellable> periodic = new ArrayList<>();

  /**
   * @param sockets those of clients, on the loop of the transport
   * @param transport to servers and managers
   */
  GatewayLoop(
      NettyTransport sockets,
      Transport transport,
      GatewayConfig config,
      GatewayParts shared,
      RandomGenerator random) {
    GatewayMetrics metrics = shared.totals().newLoop();
    this.sockets = sockets;
    this.memcached = config.memcached().ofItsOwn();
    this.transport = transport;
    this.config = config;
    this.endpoint = new RpcEndpoint(transport, null, config.rpc(), random);
    this.ring = new RingHolder(endpoint::peer);
    this.managers = new ViewSubscriber(endpoint, ring, config.managers());
    this.router =
        new Router(
            transport,
            ring,
            config.router(),
            random,
            new RoutingErrors(managers, shared.failures()),
            shared.clock(),
            new RouteMetrics(metrics),
            shared.nearCache());
    this.clocks = new ServerClocks(endpoint, ring, shared.clock(), config.maxClockSkew());
    Flusher flusher = new Flusher(ring, endpoint, managers::addresses);
    StatsExecutor executor =
        new StatsExecutor(
            new LayoutCheck(config.router().layout(), router::execute),
            flusher,
            new KeyLister(ring, endpoint, config.keyPrefix().getBytes(UTF_8), metrics),
            new ServerStats(ring, endpoint),
            shared.totals());
    this.clientLoop =
        new ClientLoop(
            config.limits(),
            executor,
            new NettyTurns(transport),
            transport.time(),
            shared.connections(),
            metrics,
            shared.authenticator());
    executor.attach(
        new GeneralStats(clientLoop, shared.totals(), memcached, config.loops(), transport.time()));
    this.pool = new CommandPool(config.keyPrefix().getBytes(UTF_8));
    this.decoders = new ProtocolDecoders(pool, memcached, shared.clock());
  }

  private record NettyTurns(Transport transport) implements ClientLoop.TurnBound {
    @Override
    public void execute(Runnable task) {
      transport.execute(task);
    }

    @Override
    public void after(long delayNs, Runnable task) {
      transport.schedule(delayNs, task);
    }

    @Override
    public void atBatchEnd(Runnable task) {
      transport.atBatchEnd(task);
    }

    @Override
    public void atNextTurn(Runnable task) {
      transport.atNextTurn(task);
    }
  }

  /** Who hears what of the errors of servers. */
  private record RoutingErrors(ViewSubscriber managers, FailureListener failures)
      implements RoutingListener {
    @Override
    public void serverError() {
      managers.countError();
    }

    @Override
    public void failed(KeyCommand command, int index, int errorId) {
      failures.failed(command, index, errorId);
    }
  }

  void followManagers(List<NamedNode> names, NameFollower.Resolver resolver) {
    transport.execute(() -> managers.follow(names, resolver));
  }

  /** Operators may change these over the connections of this loop; before {@link #start}. */
  void offer(GatewaySettings settings) {
    settings.register(endpoint);
  }

  /** From any thread. */
  void adjust(GatewaySettings.Values values) {
    transport.execute(
        () -> {
          router.adjust(values.maxItemBytes(), values.reads());
          memcached.item().set(values.maxItemBytes());
          clientLoop.limitConnections(values.maxConnections());
        });
  }

  /** Begins asking managers. */
  void start() {
    transport.execute(managers::start);
    periodic.add(transport.repeat(SWEEP_NS, "closing idle clients", clientLoop::closeIdle));
    periodic.add(transport.repeat(RELIEF_NS, "making room", clientLoop::relieve));
  }

  /** Begins comparing clocks, and telling the managers; one loop of a gateway does. */
  void watchClocks(GatewayTotals totals, long id) {
    transport.execute(clocks::start);
    String address = addresses().stream().findFirst().map(ListenAddress::text).orElse("");
    Registration registration =
        new Registration(
            endpoint,
            ring,
            totals,
            managers::extendedManagers,
            address,
            config.security().word(),
            id);
    periodic.add(transport.repeat(SWEEP_NS, "registering", registration::tick));
  }

  /**
   * Binds the client addresses; from any thread.
   *
   * @param reusePort whether several loops accept on one port
   * @param first whether this loop serves the file system: no two can share an address there
   */
  void listen(boolean reusePort, boolean first) throws IOException {
    ClientPorts ports = config.ports();
    Map<ClientLoop.Decoders, List<SocketAddress>> all = new LinkedHashMap<>();
    all.put(decoders.anyProtocol(), ports.any());
    all.put(decoders.binaryOnly(), ports.binary());
    ports.http().forEach(address -> all.put(keysAt(address), List.of(address)));
    for (Map.Entry<ClientLoop.Decoders, List<SocketAddress>> served : all.entrySet()) {
      for (SocketAddress address : served.getValue()) {
        if (first || address instanceof InetSocketAddress) {
          listeners.add(bind(address, served.getKey(), reusePort));
        }
      }
    }
  }

  private HttpKeys keysAt(SocketAddress address) {
    OwnHosts hosts = config.security().isOpen() ? OwnHosts.of(address) : OwnHosts.ANY;
    return new HttpKeys(pool, memcached, hosts);
  }

  private ClientListener bind(
      SocketAddress address, ClientLoop.Decoders protocols, boolean reusePort) throws IOException {
    ClientListener.Clients clients =
        new ClientListener.Clients(clientLoop, protocols, config.security().tls());
    EventLoops loops = sockets.eventLoops();
    if (address instanceof UnixDomainSocketAddress file) {
      return ClientListener.bind(
          hidden -> loops.serverForClients(sockets.eventLoop(), hidden),
          file,
          config.ports().fileMode(),
          clients);
    }
    return ClientListener.bind(
        loops.serverForClients(sockets.eventLoop()),
        (InetSocketAddress) address,
        reusePort,
        clients);
  }

  /** Where clients connect over the network, in the order of the configuration. */
  List<InetSocketAddress> addresses() {
    return listeners.stream().flatMap(listener -> listener.address().stream()).toList();
  }

  /** All of them, as they are typed. */
  List<String> listens() {
    return listeners.stream().map(ClientListener::toString).toList();
  }

  RingHolder ring() {
    return ring;
  }

  Router router() {
    return router;
  }

  ClientLoop clientLoop() {
    return clientLoop;
  }

  /** What it holds towards other processes; any thread. */
  RpcStatistics statistics() {
    return endpoint.statistics();
  }

  /** Whether it has a view and reaches who is active in it; from any thread but the loop's. */
  Readiness readiness() throws IOException {
    return LoopQuestion.ask(transport, this::whatIsLacking);
  }

  private Readiness whatIsLacking() {
    List<NodeAddress> active =
        ring.view().spaces().write().nodes().stream()
            .filter(Node::active)
            .map(Node::address)
            .toList();
    if (active.isEmpty()) {
      String why = managers.isConnected() ? "no server is attached" : "no manager answers";
      return Readiness.lacks(why);
    }
    List<NodeAddress> away =
        active.stream().filter(server -> !endpoint.peer(server).connected()).toList();
    return away.isEmpty() ? Readiness.READY : Readiness.lacks("no connection to " + away);
  }

  /** Stops accepting, then closes what is open; from any thread but the loop's. */
  @Override
  public void close() {
    listeners.forEach(ClientListener::close);
    CountDownLatch closed = new CountDownLatch(1);
    transport.execute(
        () -> {
          periodic.forEach(Cancellable::cancel);
          managers.stop();
          clocks.stop();
          clientLoop.closeAll();
          router.close();
          endpoint.close();
          closed.countDown();
        });
    try {
      closed.await(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
