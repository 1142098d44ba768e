package io.kumo.server.rpc;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Keepalive;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.AdjustableInterval;
import io.kumo.server.view.ViewHolder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps connected to the other servers of the view, active or not, while this one is among them and
 * views count by votes; and knows which of them it cannot hear. A broken link is so found before a
 * client's write meets it, and made anew as soon as the network is whole. Main loop only.
 */
final class ServerLinks {
  private record Link(Peer peer, Keepalive keepalive, long sinceNs) {}

  private final RpcEndpoint endpoint;
  private final ViewHolder spaces;
  private final AdjustableInterval keepaliveInterval;
  private final Heartbeats heartbeats;
  private final Map<NodeAddress, Link> links = new TreeMap<>();

  ServerLinks(
      RpcEndpoint endpoint,
      ViewHolder spaces,
      HybridClock clock,
      AdjustableInterval keepaliveInterval) {
    this.endpoint = endpoint;
    this.spaces = spaces;
    this.keepaliveInterval = keepaliveInterval;
    this.heartbeats = new Heartbeats(endpoint, clock, keepaliveInterval);
  }

  /** Follows the installed view. */
  void look() {
    Set<NodeAddress> others = others();
    Set<NodeAddress> left = new HashSet<>(links.keySet());
    left.removeAll(others);
    left.forEach(this::leave);
    others.stream().filter(server -> !links.containsKey(server)).forEach(this::join);
  }

  private Set<NodeAddress> others() {
    Set<NodeAddress> others = new HashSet<>();
    if (spaces.countsVotes()) {
      spaces.current().write().nodes().stream().map(Node::address).forEach(others::add);
    }
    return others.remove(spaces.self()) ? others : Set.of();
  }

  private void join(NodeAddress server) {
    Peer peer = endpoint.peer(server);
    Keepalive keepalive = heartbeats.to(peer, aheadMs -> {});
    links.put(server, new Link(peer, keepalive, endpoint.transport().time().nanoTime()));
  }

  private void leave(NodeAddress server) {
    Link link = links.remove(server);
    link.keepalive().stop();
    link.peer().keepNoLonger();
  }

  /** This process was paused or starved, and has heard nobody as it should: all is as if new. */
  void forgive() {
    long nowNs = endpoint.transport().time().nanoTime();
    links.replaceAll((server, link) -> new Link(link.peer(), link.keepalive(), nowNs));
  }

  /** Those that nothing has been heard of for as long as makes a node count as lost, by address. */
  List<NodeAddress> unreachable() {
    long nowNs = endpoint.transport().time().nanoTime();
    long patienceNs = Keepalive.MISSED_LIMIT * keepaliveInterval.ns();
    return links.entrySet().stream()
        .filter(entry -> nowNs - heardNs(entry.getValue()) >= patienceNs)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static long heardNs(Link link) {
    long heardNs = link.peer().heardNs();
    return heardNs - link.sinceNs() > 0 ? heardNs : link.sinceNs();
  }

  void stop() {
    List.copyOf(links.keySet()).forEach(this::leave);
  }
}
