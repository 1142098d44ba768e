package io.kumo.core.security.link;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.HostText;
import io.kumo.core.transport.LinkProof;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The nodes of kumofs 0.4.13 that are let in without proof, since they can give none. Immutable.
 *
 * @param nodes where they are; port 0 for all of a host
 */
public record AllowedOriginals(List<NodeAddress> nodes) {
  public static final AllowedOriginals NONE = new AllowedOriginals(List.of());

  public AllowedOriginals {
    nodes = List.copyOf(nodes);
  }

  public static AllowedOriginals of(Collection<NodeAddress> nodes) {
    return new AllowedOriginals(List.copyOf(nodes));
  }

  /** Whether one may connect from there; it does so by any port. */
  public boolean mayConnectFrom(String host) {
    return hosts().contains(HostText.canonical(host));
  }

  /** Whether one may be there, so that it is to be connected to without handshake. */
  public boolean isAt(NodeAddress address) {
    return nodes.stream()
        .anyMatch(
            node -> node.sameHost(address) && (node.port() == 0 || node.port() == address.port()));
  }

  /** What one that has connected may be. */
  LinkProof proof() {
    return LinkProof.original(nodes);
  }

  private Set<String> hosts() {
    return nodes.stream()
        .map(NodeAddress::host)
        .map(HostText::canonical)
        .collect(Collectors.toSet());
  }
}
