package io.kumo.tools.top;

import io.kumo.core.cli.CliException;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.admin.GetRebalance;
import io.kumo.core.protocol.admin.RebalanceState;
import io.kumo.core.protocol.status.CurrentView;
import io.kumo.core.protocol.status.Gateways;
import io.kumo.core.protocol.status.GetGateways;
import io.kumo.core.protocol.status.GetView;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.StandingOrders;
import io.kumo.tools.NodeOptions;
import io.kumo.tools.RpcClient;
import io.kumo.tools.StatusClient;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the servers again and again over connections that stay open. Not thread-safe. */
final class TopPoller implements AutoCloseable {

  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(2);

  private final @Nullable InetSocketAddress manager;
  private final GatewayPoller gateways;
  private final List<InetSocketAddress> named;
  private final NodeOptions nodes;
  private final TimeSource time;
  private final Map<InetSocketAddress, RpcClient> clients = new HashMap<>();
  private final Map<String, TopSample> before = new HashMap<>();
  private List<InetSocketAddress> servers;
  private StandingOrders orders = StandingOrders.NONE;
  private boolean answered;

  /**
   * @param manager whose attached servers are asked; null for the given servers
   */
  TopPoller(
      @Nullable InetSocketAddress manager,
      List<InetSocketAddress> servers,
      List<InetSocketAddress> gateways,
      NodeOptions nodes,
      TimeSource time) {
    this.nodes = nodes;
    this.manager = manager;
    this.gateways = new GatewayPoller(LONGEST_ANSWER);
    this.named = List.copyOf(gateways);
    this.servers = List.copyOf(servers);
    this.time = time;
  }

  /** Throws {@link CliException} when the manager has never answered, or knows of no server. */
  List<TopRow> poll() {
    if (manager != null) {
      refreshServers(manager);
    }
    List<TopRow> rows = new ArrayList<>();
    for (InetSocketAddress server : servers) {
      TopSample asked = sample(server);
      boolean out = orders.isSuspended(NodeAddress.of(server));
      TopSample sample = out ? asked.suspended() : asked;
      rows.add(TopRow.of(before.put(sample.server(), sample), sample));
      answered |= sample.error() == null;
    }
    return rows;
  }

  /** All that there is to see; throws as {@link #poll}. */
  TopLook look() {
    List<TopRow> rows = poll();
    List<InetSocketAddress> asked =
        named.isEmpty() && manager != null ? registered(manager) : named;
    return new TopLook(
        rows,
        gateways.poll(asked, time.nanoTime()),
        rebalance(),
        orders.rebalancePaused(),
        time.unixMillis());
  }

  private List<InetSocketAddress> registered(InetSocketAddress from) {
    try {
      return client(from)
          .callIfKnown(
              new GetGateways(), in -> RegisteredGateways.addresses(Gateways.read(in)), List::of);
    } catch (CliException e) {
      drop(from);
      return List.of();
    }
  }

  private @Nullable RebalanceState rebalance() {
    if (manager == null) {
      return null;
    }
    try {
      Optional<RebalanceState> told =
          client(manager)
              .callIfKnown(
                  new GetRebalance(), in -> Optional.of(RebalanceState.read(in)), Optional::empty);
      return told.orElse(null);
    } catch (CliException e) {
      drop(manager);
      return null;
    }
  }

  /** Whether any server has ever said something. */
  boolean hasAnswer() {
    return answered;
  }

  /** A manager that has gone away leaves the list as it was. */
  private void refreshServers(InetSocketAddress from) {
    try {
      servers =
          StatusClient.nodes(client(from)).hashSpace().nodes().stream()
              .map(node -> node.address().toSocketAddress())
              .toList();
      if (servers.isEmpty() && !answered) {
        throw CliException.failed(NodeAddress.of(from) + " has no server attached");
      }
      orders = orders(from);
    } catch (CliException e) {
      drop(from);
      if (servers.isEmpty()) {
        throw e;
      }
    }
  }

  /** What an operator has ordered; nothing where views are not voted on. */
  private StandingOrders orders(InetSocketAddress from) {
    return client(from)
        .callIfKnown(
            new GetView(),
            in -> CurrentView.read(in).view().settings().orders(),
            () -> StandingOrders.NONE);
  }

  private TopSample sample(InetSocketAddress server) {
    String name = NodeAddress.of(server).toString();
    try {
      return TopSample.take(name, client(server), time.nanoTime());
    } catch (CliException e) {
      drop(server);
      String message = String.valueOf(e.getMessage());
      String why = message.startsWith(name) ? message.substring(name.length() + 2) : message;
      return TopSample.failed(name, why, time.nanoTime());
    }
  }

  private RpcClient client(InetSocketAddress address) {
    RpcClient client = clients.get(address);
    if (client == null) {
      client = nodes.connect(address, LONGEST_ANSWER);
      clients.put(address, client);
    }
    return client;
  }

  private void drop(InetSocketAddress address) {
    RpcClient client = clients.remove(address);
    if (client != null) {
      client.close();
    }
  }

  @Override
  public void close() {
    clients.values().forEach(RpcClient::close);
    clients.clear();
    gateways.close();
  }
}
