package io.kumo.tools.importing;

import io.kumo.core.cli.CliException;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.net.SystemResolver;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.RingHolder;
import io.kumo.core.route.RouteCounter;
import io.kumo.core.route.Router;
import io.kumo.core.route.RouterOptions;
import io.kumo.core.route.RoutingListener;
import io.kumo.core.route.cluster.ClusterClock;
import io.kumo.core.route.cluster.ManagerOptions;
import io.kumo.core.route.cluster.ServerClocks;
import io.kumo.core.route.cluster.ViewSubscriber;
import io.kumo.core.route.request.KeyCommand;
import io.kumo.core.rpc.NamedNode;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.transport.Transport;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What routes records into a cluster, as a gateway does, on one event loop of its own. Methods are
 * called by any thread.
 */
public final class ClusterSession implements AutoCloseable {
  private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long CLOSE_SECONDS = 2;
  private static final Duration MAX_SKEW = Duration.ofSeconds(5);

  private final EventLoops loops = new EventLoops("import", 1, IoKind.best());
  private final ClusterClock clock = new ClusterClock(TimeSource.system());
  private final Transport transport;
  private final RpcEndpoint endpoint;
  private final RingHolder ring;
  private final ViewSubscriber managers;
  private final ServerClocks clocks;
  private final Router router;
  private final CountDownLatch served = new CountDownLatch(1);

  private ClusterSession(List<NamedNode> names, ClusterSecurity security) {
    transport = new NettyTransport(loops, clock).secured(security);
    List<NodeAddress> addresses =
        names.stream().map(NamedNode::address).filter(Objects::nonNull).toList();
    SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
    endpoint = new RpcEndpoint(transport, null, RpcOptions.DEFAULT, random);
    ring = new RingHolder(endpoint::peer);
    managers = new ViewSubscriber(endpoint, ring, new ManagerOptions(addresses));
    clocks = new ServerClocks(endpoint, ring, clock, MAX_SKEW);
    RouteCounter counter = event -> {};
    router =
        new Router(
            transport,
            ring,
            RouterOptions.DEFAULT,
            random,
            new LoadErrors(managers),
            clock,
            counter,
            null);
  }

  /** LoadErrors of servers may mean that hash spaces have changed; the loader counts what fails. */
  private record LoadErrors(ViewSubscriber managers) implements RoutingListener {
    @Override
    public void serverError() {
      managers.countError();
    }

    @Override
    public void failed(KeyCommand command, int index, int errorId) {}
  }

  /**
   * Returns when servers to write to are known.
   *
   * @throws CliException when none are in time
   */
  public static ClusterSession open(
      List<NamedNode> managers, Duration timeout, ClusterSecurity security) {
    ClusterSession session = new ClusterSession(managers, security);
    try {
      session.start(managers, timeout);
      return session;
    } catch (CliException e) {
      session.close();
      throw e;
    }
  }

  private void start(List<NamedNode> names, Duration timeout) {
    transport.execute(
        () -> {
          managers.follow(names, new SystemResolver());
          clocks.start();
          managers.start();
          pollRing();
        });
    boolean inTime;
    try {
      inTime = served.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      inTime = false;
    }
    if (!inTime) {
      String who = String.join(", ", names.stream().map(NamedNode::toString).toList());
      throw CliException.failed(
          who + ": no server to load into: no manager answers, or no server is attached");
    }
  }

  private void pollRing() {
    if (ring.view().spaces().write().isEmpty()) {
      transport.schedule(POLL_NS, this::pollRing);
    } else {
      served.countDown();
    }
  }

  Transport transport() {
    return transport;
  }

  /** On the loop alone. */
  Router router() {
    return router;
  }

  /** The servers' time, in unix seconds, as far as it is known. */
  long nowSeconds() {
    return TimeUnit.MILLISECONDS.toSeconds(clock.unixMillis());
  }

  @Override
  public void close() {
    CountDownLatch closed = new CountDownLatch(1);
    transport.execute(
        () -> {
          managers.stop();
          clocks.stop();
          endpoint.close();
          closed.countDown();
        });
    try {
      closed.await(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loops.close();
  }
}
