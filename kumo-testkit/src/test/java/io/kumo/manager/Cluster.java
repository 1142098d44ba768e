package io.kumo.manager;

import static io.kumo.manager.membership.Addresses.node;

import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.net.NetworkConditions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Real managers, made-up servers and a kumoctl on a network in memory, in virtual time. */
final class Cluster {
  static final NodeAddress LOWER = node(19700);
  static final NodeAddress UPPER = node(19701);

  final MemoryNetwork network = new MemoryNetwork();
  final Map<NodeAddress, ManagerNode> managers = new TreeMap<>();
  final Map<NodeAddress, FakeServer> servers = new TreeMap<>();
  private final Map<NodeAddress, MemoryHost> hosts = new TreeMap<>();
  private final RpcEndpoint kumoctl;
  private long processes = 1;

  Cluster() {
    kumoctl = new RpcEndpoint(network.start(node(1)), null, RpcOptions.DEFAULT, new Random(1));
  }

  ManagerNode startManager(NodeAddress address, @Nullable NodeAddress partner) {
    return startManager(ManagerConfig.of(address, partner));
  }

  ManagerNode startManager(ManagerConfig config) {
    MemoryHost host = network.start(config.listen());
    hosts.put(config.listen(), host);
    try {
      ManagerNode manager = ManagerNode.start(config, host, new Random(processes++));
      managers.put(config.listen(), manager);
      return manager;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void startPair() {
    startManager(LOWER, UPPER);
    startManager(UPPER, LOWER);
  }

  FakeServer startServer(int port) {
    return startServer(port, ClusterView.EMPTY);
  }

  FakeServer startServer(int port, ClusterView persisted) {
    NodeAddress address = node(port);
    MemoryHost host = network.start(address);
    hosts.put(address, host);
    FakeServer server = new FakeServer(host, address, processes++, persisted, LOWER, UPPER);
    servers.put(address, server);
    return server;
  }

  void kill(NodeAddress address) {
    network.kill(address);
  }

  /**
   * Parts the managers, and keeps the first one of them from a server and the second from another.
   */
  void cut(NodeAddress lower, NodeAddress upper, NodeAddress server) {
    network.setConditions(
        new NetworkConditions() {
          @Override
          public long delayNs(NodeAddress from, NodeAddress to) {
            return NetworkConditions.FAIR.delayNs(from, to);
          }

          @Override
          public boolean passes(NodeAddress from, NodeAddress to) {
            return !joins(from, to, lower, upper)
                && !joins(from, to, lower, server)
                && !joins(from, to, upper, node(server.port() + 1));
          }
        });
  }

  private static boolean joins(NodeAddress from, NodeAddress to, NodeAddress a, NodeAddress b) {
    return (from.equals(a) && to.equals(b)) || (from.equals(b) && to.equals(a));
  }

  void heal() {
    network.setConditions(NetworkConditions.FAIR);
  }

  void pause(NodeAddress address) {
    host(address).pause();
  }

  void resume(NodeAddress address) {
    host(address).resume();
  }

  MemoryHost host(NodeAddress address) {
    MemoryHost host = hosts.get(address);
    if (host == null) {
      throw new IllegalArgumentException("never started: " + address);
    }
    return host;
  }

  void runMillis(long millis) {
    network.events().runFor(Duration.ofMillis(millis).toNanos());
  }

  ManagerNode manager(NodeAddress address) {
    ManagerNode manager = managers.get(address);
    if (manager == null) {
      throw new IllegalArgumentException("never started: " + address);
    }
    return manager;
  }

  HashSpaces spaces(NodeAddress manager) {
    return manager(manager).control().table().spaces();
  }

  /** The answer of a manager to kumoctl: encoded in hex, or the error. */
  String ask(NodeAddress manager, Message message) {
    StringBuilder answer = new StringBuilder();
    kumoctl
        .peer(manager)
        .call(
            message,
            Duration.ofSeconds(5).toNanos(),
            new ReplyHandler() {
              @Override
              public void reply(ByteBuf result) throws MalformedMessageException {
                answer.append(ByteBufUtil.hexDump(result));
              }

              @Override
              public void error(ErrorCode code, String detail) {
                answer.append(code).append(' ').append(detail);
              }
            });
    for (int i = 0; i < 1000 && answer.isEmpty(); i++) {
      runMillis(10);
    }
    return answer.toString();
  }
}
