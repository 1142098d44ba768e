package io.kumo.testkit.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.RingHolder;
import io.kumo.core.route.Router;
import io.kumo.core.route.RouterOptions;
import io.kumo.core.route.cluster.ManagerOptions;
import io.kumo.core.route.cluster.ViewSubscriber;
import io.kumo.core.route.request.KeyCommand;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.gateway.client.ClientConnection;
import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.client.ClientLoop;
import io.kumo.gateway.client.ConnectionTable;
import io.kumo.gateway.listener.ProtocolDecoders;
import io.kumo.gateway.memcached.CommandPool;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.gateway.metrics.GatewayMetrics;
import io.kumo.gateway.metrics.GatewayTotals;
import io.kumo.gateway.metrics.RouteMetrics;
import io.kumo.gateway.route.Flusher;
import io.kumo.gateway.route.KeyLister;
import io.kumo.gateway.route.NearCache;
import io.kumo.gateway.stats.GeneralStats;
import io.kumo.gateway.stats.ServerStats;
import io.kumo.gateway.stats.StatsExecutor;
import io.kumo.testkit.fake.FakeServer;
import io.kumo.testkit.net.MemoryHost;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A gateway's routing and its text front end on a virtual clock and network, before servers of the
 * test's making.
 */
public final class MemoryGateway {
  private static final McSettings SETTINGS =
      new McSettings("1.6.27", 1 << 20, 100_000, true, false);

  private final MemoryCluster cluster = new MemoryCluster();
  private final MemoryHost host = cluster.startHost(address(10_000));
  private final RpcEndpoint endpoint =
      new RpcEndpoint(host, null, RpcOptions.DEFAULT, new Random(1));
  private final RingHolder ring = new RingHolder(endpoint::peer);
  private final CommandPool pool = new CommandPool(new byte[0]);
  private final List<FakeServer> servers = new ArrayList<>();
  private final EmbeddedChannel channel;
  private final ViewSubscriber managers;
  private final Router router;
  private final GatewayMetrics metrics;

  public MemoryGateway(RouterOptions options) {
    this(options, null);
  }

  public MemoryGateway(RouterOptions options, @Nullable NearCache nearCache) {
    GatewayTotals totals = new GatewayTotals();
    metrics = totals.newLoop();
    managers = new ViewSubscriber(endpoint, ring, new ManagerOptions(List.of(address(9_000))));
    if (nearCache != null) {
      nearCache.measure(totals);
    }
    router =
        new Router(
            host,
            ring,
            options,
            new Random(2),
            managers::countError,
            host.time(),
            new RouteMetrics(metrics),
            nearCache);
    Flusher flusher = new Flusher(ring, endpoint, managers::addresses);
    StatsExecutor executor =
        new StatsExecutor(
            router::execute,
            flusher,
            new KeyLister(ring, endpoint, new byte[0], metrics),
            new ServerStats(ring, endpoint),
            totals);
    ConnectionTable table = new ConnectionTable(ClientLimits.DEFAULT.maxConnections());
    ClientLoop clientLoop =
        new ClientLoop(
            ClientLimits.DEFAULT, executor, new Turns(host), host.time(), table, metrics, null);
    executor.attach(new GeneralStats(clientLoop, totals, SETTINGS, 1, host.time()));
    ProtocolDecoders decoders = new ProtocolDecoders(pool, SETTINGS, host.time());
    channel = new EmbeddedChannel(new ClientConnection(clientLoop, decoders.anyProtocol(), false));
  }

  private record Turns(MemoryHost host) implements ClientLoop.TurnBound {
    @Override
    public void execute(Runnable task) {
      host.execute(task);
    }

    @Override
    public void after(long delayNs, Runnable task) {
      host.schedule(delayNs, task);
    }

    @Override
    public void atBatchEnd(Runnable task) {
      host.atBatchEnd(task);
    }

    @Override
    public void atNextTurn(Runnable task) {
      host.schedule(1, task);
    }
  }

  public static NodeAddress address(int port) {
    return MemoryCluster.address(1, port);
  }

  /** Starts a server that is not in the hash space yet. */
  public FakeServer start(boolean extended) {
    NodeAddress address = address(20_000 + servers.size());
    FakeServer server = new FakeServer(cluster.startHost(address), address, extended);
    servers.add(server);
    return server;
  }

  /** The view, with nothing said about what this server can do. */
  public static PublishedSpaces withoutExtrasOf(FakeServer server, PublishedSpaces view) {
    List<NodeExtras> others =
        view.extras().nodes().stream()
            .filter(node -> !node.address().equals(server.address()))
            .toList();
    return new PublishedSpaces(view.spaces(), view.extras().withNodes(others));
  }

  /** A view in which these are all the servers, all active. */
  public PublishedSpaces viewOf(long clockTime, FakeServer... members) {
    List<Node> nodes = new ArrayList<>();
    List<NodeExtras> extras = new ArrayList<>();
    for (FakeServer member : members) {
      nodes.add(new Node(member.address(), true));
      int capabilities = member.isExtended() ? Capabilities.EXTENDED : 0;
      extras.add(new NodeExtras(member.address(), capabilities, 1));
    }
    HashSpace space = HashSpace.of(nodes, clockTime);
    return new PublishedSpaces(new HashSpaces(space, space), new ClusterExtras(extras, 0, 0));
  }

  /** Has the gateway learn of the view. */
  public void show(PublishedSpaces view) {
    host.execute(() -> ring.adopt(view));
    run(1);
  }

  /** Starts asking the manager, which is a process at {@code address(9_000)} of the test's. */
  public void askManager() {
    host.execute(managers::start);
    run(1);
  }

  /** Has the gateway's clock be that much ahead of the virtual time, which began at 0. */
  public void setSkewMillis(long millis) {
    host.setSkewMillis(millis);
  }

  /** The process stands still for so long, while time goes on. */
  public void standStill(long millis) {
    host.pause();
    run(millis);
    host.resume();
  }

  /** The virtual time, as the gateway's clock shows it. */
  public long unixSeconds() {
    return host.time().unixMillis() / 1000;
  }

  /** Sends text, and gives the replies that arrive within some virtual milliseconds. */
  public String ask(String request, long millis) {
    host.execute(() -> channel.writeInbound(Unpooled.copiedBuffer(request, ISO_8859_1)));
    run(millis);
    return replies();
  }

  public String ask(String request) {
    return ask(request, 50);
  }

  /** Routes a command that no client of memcached can send. */
  public void execute(KeyCommand command) {
    host.execute(() -> router.execute(command));
  }

  /** The client's connection breaks. */
  public void disconnect() {
    host.execute(channel::close);
    run(1);
  }

  /** Ends what is under way, as a gateway does that stops. */
  public void close() {
    host.execute(
        () -> {
          router.close();
          endpoint.close();
        });
    run(1);
  }

  /** What has been answered since it was asked last. */
  public String replies() {
    StringBuilder text = new StringBuilder();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      text.append(out.toString(ISO_8859_1));
      out.release();
    }
    return text.toString();
  }

  public void run(long millis) {
    cluster.runMillis(millis);
  }

  public void kill(FakeServer server) {
    cluster.kill(server.address());
  }

  /** What it runs in. */
  public MemoryCluster cluster() {
    return cluster;
  }

  public RingHolder ring() {
    return ring;
  }

  /** What was counted so far. */
  public GatewayMetrics metrics() {
    return metrics;
  }

  public ViewSubscriber managers() {
    return managers;
  }

  /** Commands under way. */
  public int commandsInUse() {
    return pool.inUse();
  }
}
