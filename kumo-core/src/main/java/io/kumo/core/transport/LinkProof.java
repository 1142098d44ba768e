package io.kumo.core.transport;

import io.kumo.core.ring.NodeAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the other end of a link has proved of itself.
 *
 * @param secret whether it has the cluster's secret
 * @param tls whether the bytes are encrypted, and it has a certificate of the cluster's authority
 * @param node whether it may be a manager or a server; what is no node asks, and is told
 * @param hosts the addresses that its certificate names
 * @param originals the nodes of kumofs, one of which it has to be since it proves nothing where
 *     others do; port 0 for all of a host; empty for all other links
 */
public record LinkProof(
    boolean secret, boolean tls, boolean node, Set<String> hosts, List<NodeAddress> originals) {
  /** Of a link that asks for none: anybody may be anything. */
  public static final LinkProof OPEN = new LinkProof(false, false, true, Set.of());

  public LinkProof {
    hosts = hosts.stream().map(HostText::canonical).collect(Collectors.toUnmodifiableSet());
    originals = List.copyOf(originals);
  }

  /** Of all but originals. */
  public LinkProof(boolean secret, boolean tls, boolean node, Set<String> hosts) {
    this(secret, tls, node, hosts, List.of());
  }

  /** Of one that is let in without proof, from the host of one of these. */
  public static LinkProof original(List<NodeAddress> originals) {
    return new LinkProof(false, false, true, Set.of(), originals);
  }

  /** Whether it is let in as a node of kumofs, or its tool: what those do not know is refused. */
  public boolean isOriginal() {
    return !originals.isEmpty();
  }

  /** Whether nothing was proved. */
  public boolean isOpen() {
    return !secret && !tls;
  }

  /**
   * Whether the other end may speak for a node at this address: it is connected from its host, or
   * its certificate names that. An original is connected from there, and was allowed at that
   * address. An open link says nothing of that.
   *
   * @param remoteHost where it is connected from
   */
  public boolean mayBeNodeAt(NodeAddress address, String remoteHost) {
    String said = HostText.canonical(address.host());
    boolean fromThere = said.equals(HostText.canonical(remoteHost));
    if (isOriginal()) {
      return fromThere && originals.stream().anyMatch(allowed -> covers(allowed, address));
    }
    return isOpen() || (node && (fromThere || hosts.contains(said)));
  }

  private static boolean covers(NodeAddress allowed, NodeAddress address) {
    return allowed.sameHost(address) && (allowed.port() == 0 || allowed.port() == address.port());
  }

  /** As {@code status} shows it. */
  @Override
  public String toString() {
    if (isOpen()) {
      return "open";
    }
    return secret && tls ? "tls+secret" : tls ? "tls" : "secret";
  }
}
