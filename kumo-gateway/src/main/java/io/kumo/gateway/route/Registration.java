package io.kumo.gateway.route;

import io.kumo.core.cli.Version;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.status.NodeLink;
import io.kumo.core.protocol.status.NodeStatus;
import io.kumo.core.protocol.status.RegisterGateway;
import io.kumo.core.protocol.status.RingState;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.route.RingHolder;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Transport;
import io.kumo.core.view.ViewId;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayTotals;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the managers that this gateway is there and by what it routes: every five seconds, and
 * within one when it has installed other hash spaces. Managers of kumofs 0.4.13 are told nothing,
 * and nothing is told before a cluster is known. Confined to the loop of the transport.
 */
public final class Registration {
  private static final Logger LOG = LoggerFactory.getLogger(Registration.class);
  private static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(5);
  private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
  private static final List<GatewayMetric> OPERATIONS =
      List.of(
          GatewayMetric.CMD_GET,
          GatewayMetric.CMD_SET,
          GatewayMetric.CMD_TOUCH,
          GatewayMetric.DELETE_HITS,
          GatewayMetric.DELETE_MISSES,
          GatewayMetric.INCR_HITS,
          GatewayMetric.INCR_MISSES,
          GatewayMetric.DECR_HITS,
          GatewayMetric.DECR_MISSES);

  private final RpcEndpoint endpoint;
  private final Transport transport;
  private final RingHolder ring;
  private final GatewayTotals totals;
  private final Supplier<List<Peer>> managers;
  private final String address;
  private final String clientSecurity;
  private final long id;
  private final long startedNs;
  private HashSpaces seen = HashSpaces.EMPTY;
  private long changedMs;
  private long toldNs;

  /**
   * @param managers those to tell
   * @param address where clients connect
   * @param clientSecurity what these have to show, in a word
   * @param id random
   */
  public Registration(
      RpcEndpoint endpoint,
      RingHolder ring,
      GatewayTotals totals,
      Supplier<List<Peer>> managers,
      String address,
      String clientSecurity,
      long id) {
    this.endpoint = endpoint;
    this.transport = endpoint.transport();
    this.ring = ring;
    this.totals = totals;
    this.managers = managers;
    this.address = address;
    this.clientSecurity = clientSecurity;
    this.id = id;
    this.startedNs = transport.time().nanoTime();
    this.toldNs = startedNs - PERIOD_NS;
  }

  /** To be called once a second. */
  public void tick() {
    HashSpaces now = ring.view().spaces();
    boolean changed = !now.equals(seen);
    if (changed) {
      seen = now;
      changedMs = transport.time().unixMillis();
    }
    long nowNs = transport.time().nanoTime();
    List<Peer> told = managers.get();
    if (told.isEmpty() || !(changed || nowNs - toldNs >= PERIOD_NS)) {
      return;
    }
    toldNs = nowNs;
    RegisterGateway word = new RegisterGateway(id, status(nowNs));
    told.forEach(manager -> manager.call(word, TIMEOUT_NS, new Ignored()));
  }

  private NodeStatus status(long nowNs) {
    long operations = OPERATIONS.stream().mapToLong(totals::get).sum();
    return new NodeStatus(
        address,
        Version.current(),
        "routing",
        transport.protection(),
        TimeUnit.NANOSECONDS.toSeconds(nowNs - startedNs),
        RingState.of(seen.write()),
        RingState.of(seen.read()),
        ViewId.NONE,
        false,
        changedMs,
        totals.get(GatewayMetric.CURR_CONNECTIONS),
        operations,
        links());
  }

  /** A loop has links to all managers and servers, and what protects those of one protects all. */
  private List<NodeLink> links() {
    Set<String> known = managerAddresses();
    List<NodeLink> links = new ArrayList<>();
    long clients = totals.get(GatewayMetric.CURR_CONNECTIONS);
    links.add(new NodeLink(NodeLink.MEMCACHED, address, clientSecurity, clients));
    for (NodeLink link : endpoint.links()) {
      String kind = known.contains(link.peer()) ? NodeLink.MANAGER : link.kind();
      links.add(new NodeLink(kind, link.peer(), link.security(), link.count()));
    }
    return links;
  }

  private Set<String> managerAddresses() {
    return managers.get().stream().map(Peer::toString).collect(Collectors.toSet());
  }

  /** A word that is lost is followed by another one. */
  private static final class Ignored implements ReplyHandler {
    @Override
    public void reply(ByteBuf result) {}

    @Override
    public void error(ErrorCode code, String detail) {
      LOG.debug("a manager does not note this gateway: {} {}", code, detail);
    }
  }
}
