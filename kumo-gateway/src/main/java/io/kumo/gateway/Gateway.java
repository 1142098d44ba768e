package io.kumo.gateway;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.http.Readiness;
import io.kumo.core.metrics.Measurement;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.net.SystemResolver;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.rpc.NameFollower;
import io.kumo.core.rpc.NamedNode;
import io.kumo.core.rpc.RpcStatistics;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.transport.Transport;
import io.kumo.gateway.metrics.GatewayTotals;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway. Thread-safe. */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private final EventLoops loops;
  private final GatewayParts shared;
  private final List<GatewayLoop> parts = new ArrayList<>();

  private Gateway(EventLoops loops, GatewayParts shared) {
    this.loops = loops;
    this.shared = shared;
  }

  /**
   * Starts one; returns when clients can connect, whether or not managers answer.
   *
   * @throws IOException when an address cannot be bound
   */
  public static Gateway start(GatewayConfig config) throws IOException {
    return start(config, FailureListener.NONE);
  }

  static Gateway start(GatewayConfig config, FailureListener failures) throws IOException {
    return start(config, TimeSource.system(), failures);
  }

  /** As {@link #start(GatewayConfig)}, with protected links to managers and servers. */
  public static Gateway start(GatewayConfig config, ClusterSecurity links) throws IOException {
    return start(config, FailureListener.NONE, links);
  }

  /** The same with protected links to managers and servers. */
  static Gateway start(GatewayConfig config, FailureListener failures, ClusterSecurity links)
      throws IOException {
    return start(config, TimeSource.system(), failures, sockets -> sockets.secured(links));
  }

  /** As {@link #start(GatewayConfig)}, by another clock. */
  public static Gateway start(GatewayConfig config, TimeSource time) throws IOException {
    return start(config, time, FailureListener.NONE);
  }

  private static Gateway start(GatewayConfig config, TimeSource time, FailureListener failures)
      throws IOException {
    return start(config, time, failures, sockets -> sockets);
  }

  /**
   * As {@link #start(GatewayConfig)}, with another view of the network.
   *
   * @param network gives what a loop is to use in place of its transport
   */
  public static Gateway start(GatewayConfig config, UnaryOperator<Transport> network)
      throws IOException {
    return start(config, TimeSource.system(), FailureListener.NONE, network::apply);
  }

  private static Gateway start(
      GatewayConfig config,
      TimeSource time,
      FailureListener failures,
      Function<NettyTransport, Transport> network)
      throws IOException {
    IoKind kind = IoKind.best();
    boolean spread = config.loops() > 1 && kind == IoKind.EPOLL;
    int count = spread ? config.loops() : 1;
    if (count < config.loops()) {
      LOG.warn("--threads needs epoll, which this machine has not: going on with one");
    }
    Gateway gateway =
        new Gateway(
            EventLoops.busyPolling("gateway", count, kind),
            GatewayParts.of(config, time, failures));
    try {
      SecureRandom random = new SecureRandom();
      for (int i = 0; i < count; i++) {
        NettyTransport sockets = new NettyTransport(gateway.loops, time);
        GatewayLoop part =
            new GatewayLoop(
                sockets,
                network.apply(sockets),
                config.with(count, config.keyPrefix()),
                gateway.shared,
                new SplittableRandom(random.nextLong()));
        gateway.parts.add(part);
        part.listen(spread, i == 0);
      }
      gateway
          .parts
          .get(0)
          .offer(new GatewaySettings(config, gateway.parts, gateway.shared.connections()));
      gateway.parts.forEach(GatewayLoop::start);
      gateway.parts.get(0).watchClocks(gateway.totals(), random.nextLong());
      return gateway;
    } catch (IOException e) {
      gateway.close();
      throw e;
    }
  }

  /** Looks for managers that were named, wherever their names lead. */
  void followManagers(List<NamedNode> names) {
    NameFollower.Resolver resolver = new SystemResolver();
    parts.forEach(part -> part.followManagers(names, resolver));
  }

  /** Where clients connect over the network, in the order of the configuration. */
  public List<InetSocketAddress> addresses() {
    return parts.get(0).addresses();
  }

  /** The same and those of the file system, as they are typed. */
  public List<String> listens() {
    return parts.get(0).listens();
  }

  /** The hash spaces that it routes by, a moment ago perhaps. */
  public PublishedSpaces view() {
    return parts.get(0).ring().view();
  }

  /** What all its loops have measured. */
  public GatewayTotals totals() {
    return shared.totals();
  }

  /** These, and what all its loops hold towards other processes; any thread. */
  public List<Measurement> measurements() {
    List<Measurement> all = new ArrayList<>(totals().measurements());
    RpcStatistics statistics =
        parts.stream().map(GatewayLoop::statistics).reduce(RpcStatistics.NONE, RpcStatistics::plus);
    all.addAll(statistics.measurements());
    return all;
  }

  /** Whether it knows the servers, and reaches those that are to be asked. Not on a loop. */
  Readiness readiness() throws IOException {
    return parts.get(0).readiness();
  }

  @Override
  public void close() {
    parts.forEach(GatewayLoop::close);
    loops.close();
  }
}
