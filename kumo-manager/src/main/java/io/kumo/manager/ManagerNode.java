package io.kumo.manager;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.http.Shown;
import io.kumo.core.metrics.Measurement;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.Role;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Identity;
import io.kumo.core.rpc.NameFollower;
import io.kumo.core.rpc.NamedNode;
import io.kumo.core.rpc.NodeListener;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.security.Reloads;
import io.kumo.core.security.reload.ReloadHandler;
import io.kumo.core.transport.Transport;
import io.kumo.core.view.ClusterId;
import io.kumo.manager.console.Console;
import io.kumo.manager.history.HistoryFile;
import io.kumo.manager.membership.ManagerRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One manager on one transport. {@link #start} and {@link #close} may be called from any thread;
 * everything else belongs to the transport's loop.
 */
public final class ManagerNode implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ManagerNode.class);

  private final Transport transport;
  private final RpcEndpoint endpoint;
  private final ManagerControl control;
  private final NodeAddress address;

  private ManagerNode(
      Transport transport, RpcEndpoint endpoint, ManagerControl control, NodeAddress address) {
    this.transport = transport;
    this.endpoint = endpoint;
    this.control = control;
    this.address = address;
  }

  /**
   * Starts to listen and to decide.
   *
   * @param random source of the incarnation and of jitter
   * @throws IOException if the address cannot be bound; the message says which and why
   */
  public static ManagerNode start(ManagerConfig config, Transport transport, RandomGenerator random)
      throws IOException {
    return start(config, transport, random, ManagerRules.SOUND);
  }

  /** As {@link #start(ManagerConfig, Transport, RandomGenerator)}, by other rules. */
  public static ManagerNode start(
      ManagerConfig config, Transport transport, RandomGenerator random, ManagerRules rules)
      throws IOException {
    NodeAddress address = config.advertise() == null ? config.listen() : config.advertise();
    long incarnation = random.nextLong() | 1;
    int votes = config.votes() == null ? 0 : Capabilities.VOTES;
    int capabilities = Capabilities.EXTENDED | Capabilities.COPIES | votes;
    Identity identity = new Identity(address, Role.MANAGER, capabilities, incarnation);
    RpcEndpoint endpoint = new RpcEndpoint(transport, identity, config.rpc(), random);
    HybridClock clock = new HybridClock(transport.time());
    ManagerTimes times =
        new ManagerTimes(
            config.keepalive().toNanos(),
            config.rpc().connectTimeoutNs() + config.rpc().maxBackoffNs(),
            config.replaceDelay().toNanos(),
            config.maxClockSkew().toMillis(),
            config.rejoinAfter() == null ? ManagerTimes.NEVER : config.rejoinAfter().toNanos());
    ManagerControl control =
        new ManagerControl(
            endpoint,
            clock,
            address,
            config.partner(),
            times,
            config.autoReplace(),
            rules,
            config.votes(),
            random);
    endpoint.listen(config.listen());
    log.info("start manager {}", address);
    transport.execute(control::start);
    return new ManagerNode(transport, endpoint, control, address);
  }

  /** The name of this manager, under which others reach it. */
  public NodeAddress address() {
    return address;
  }

  /** The cluster that it directs, or would. Confined to the loop. */
  public ClusterId cluster() {
    return control.cluster();
  }

  /** Reloads these when a tool asks for it; any thread. */
  public void reload(Reloads reloads) {
    ReloadHandler.register(endpoint, reloads);
  }

  /** Has {@code listener} hear of nodes from now on. */
  public void addNodeListener(NodeListener listener) {
    transport.execute(() -> endpoint.addNodeListener(listener));
  }

  /** Looks for a partner that was named, wherever its name leads. Any thread. */
  public void followPartner(NamedNode name, NameFollower.Resolver resolver) {
    transport.execute(() -> control.followPartner(name, resolver));
  }

  /** Keeps the orders that it is given there, with those that are there already. Any thread. */
  public void keepHistory(HistoryFile file) {
    transport.execute(() -> control.history().keepIn(file));
  }

  /** What it knows and decides. Confined to the loop. */
  public ManagerControl control() {
    return control;
  }

  /** What it measures; any thread. */
  public List<Measurement> measurements() {
    List<Measurement> all = new ArrayList<>(control.metrics().measurements());
    all.addAll(endpoint.statistics().measurements());
    return all;
  }

  /** What it shows over HTTP, from now on; any thread. */
  public Shown show() {
    return Console.start(endpoint, control, this::measurements);
  }

  /** Closes every connection; returns when that is done, or after a second. */
  @Override
  public void close() {
    if (transport.inLoop()) {
      stop();
      return;
    }
    CountDownLatch done = new CountDownLatch(1);
    transport.execute(
        () -> {
          stop();
          done.countDown();
        });
    try {
      if (!done.await(1, TimeUnit.SECONDS)) {
        log.warn("the manager did not stop within a second");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop() {
    control.stop();
    endpoint.close();
  }
}
