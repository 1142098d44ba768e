package io.kumo.client;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.net.SystemResolver;
import io.kumo.core.protocol.Limits;
import io.kumo.core.route.RingHolder;
import io.kumo.core.route.Router;
import io.kumo.core.route.RouterOptions;
import io.kumo.core.route.cluster.ClusterClock;
import io.kumo.core.route.cluster.ManagerOptions;
import io.kumo.core.route.cluster.ServerClocks;
import io.kumo.core.route.cluster.ViewSubscriber;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The event loop of one client, with its router and its connections.
 *
 * <p>Requests come from any thread through one queue, and one task on the loop takes all that are
 * in it: so requests that are submitted together leave in one write for each server.
 *
 * <p>Invariants: a request that is in the queue is taken by the loop, or failed when the client is
 * closed; one that the loop has taken is in the list of those under way until it is complete. The
 * queue is bounded by {@link InFlight}.
 */
final class RequestLoop {
  private static final Duration MAX_CLOCK_SKEW = Duration.ofSeconds(5);
  private static final long CLOSE_SECONDS = 2;

  private final EventLoops loops;
  private final Transport transport;
  private final RpcEndpoint endpoint;
  private final ViewSubscriber managers;
  private final ServerClocks clocks;
  private final RingHolder ring;
  private final Router router;
  private final ConcurrentLinkedQueue<ClientRequest<?>> submitted = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean taking = new AtomicBoolean();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final Runnable take = this::take;
  private final ClientRequest<?> underWay;
  private volatile boolean closed;

  RequestLoop(
      List<NamedNode> names, RouterOptions options, boolean busyPolling, ClusterSecurity security) {
    IoKind kind = IoKind.best();
    this.loops =
        busyPolling
            ? EventLoops.busyPolling("kumo-client", 1, kind)
            : new EventLoops("kumo-client", 1, kind);
    this.transport = new NettyTransport(loops, TimeSource.system()).secured(security);
    SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
    this.endpoint = new RpcEndpoint(transport, null, RpcOptions.DEFAULT, random);
    this.ring = new RingHolder(endpoint::peer);
    this.managers =
        new ViewSubscriber(
            endpoint,
            ring,
            new ManagerOptions(
                names.stream().map(NamedNode::address).filter(Objects::nonNull).toList()));
    ClusterClock clock = new ClusterClock(TimeSource.system());
    this.router =
        new Router(
            transport, ring, options, random, managers::countError, clock, event -> {}, null);
    this.clocks = new ServerClocks(endpoint, ring, clock, MAX_CLOCK_SKEW);
    this.underWay = new ClientRequest<>(new byte[0], end -> end, new InFlight(0, 0), null);
    underWay.next = underWay;
    underWay.previous = underWay;
  }

  /** Begins to ask managers for the ring. */
  void start(List<NamedNode> names) {
    transport.execute(
        () -> {
          ring.addListener(this::ringChanged);
          managers.start();
          clocks.start();
          managers.follow(names, new SystemResolver());
        });
  }

  private void ringChanged() {
    if (!ring.view().spaces().write().isEmpty()) {
      ready.complete(null);
    }
  }

  /** Completes when some server can be asked. */
  CompletableFuture<Void> ready() {
    return ready;
  }

  /** Takes a request that was admitted; any thread. */
  void submit(ClientRequest<?> request) {
    submitted.add(request);
    if (closed) {
      failSubmitted();
    } else if (taking.compareAndSet(false, true)) {
      transport.execute(take);
    }
  }

  private void take() {
    taking.set(false);
    for (int left = Limits.TURN_MESSAGES; left > 0; left--) {
      ClientRequest<?> request = submitted.poll();
      if (request == null) {
        return;
      }
      enter(request);
      request.prepare();
      router.execute(request);
    }
    if (taking.compareAndSet(false, true)) {
      transport.execute(take);
    }
  }

  private void enter(ClientRequest<?> request) {
    ClientRequest<?> last = underWay.previous;
    request.previous = last;
    request.next = underWay;
    link(last).next = request;
    underWay.previous = request;
  }

  /** A request is complete. */
  static void leave(ClientRequest<?> request) {
    link(request.previous).next = request.next;
    link(request.next).previous = request.previous;
    request.next = null;
    request.previous = null;
  }

  private static ClientRequest<?> link(@Nullable ClientRequest<?> neighbour) {
    return Objects.requireNonNull(neighbour, "a request is under way once");
  }

  private void failSubmitted() {
    for (ClientRequest<?> r = submitted.poll(); r != null; r = submitted.poll()) {
      r.withdraw(Failures.closed());
    }
  }

  /** Fails what is under way, and ends; from any thread but its own. Returns when that is done. */
  void close() {
    if (transport.inLoop()) {
      throw new IllegalStateException("a client is not closed from a callback on its own loop");
    }
    closed = true;
    CompletableFuture<Void> ended = new CompletableFuture<>();
    transport.execute(
        () -> {
          end();
          ended.complete(null);
        });
    ended.completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS).join();
    loops.close();
    failSubmitted();
    ready.completeExceptionally(Failures.closed());
  }

  private void end() {
    failSubmitted();
    for (ClientRequest<?> r = link(underWay.next); r != underWay; r = link(r.next)) {
      r.abandon(Failures.closed());
    }
    managers.stop();
    clocks.stop();
    endpoint.close();
  }
}
