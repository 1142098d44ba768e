package io.kumo.core.transport;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the other end of a link has proved of itself.
 *
 * @param secret whether it has the cluster's secret
 * @param tls whether the bytes are encrypted, and it has a certificate of the cluster's authority
 * @param node whether it may be a manager or a server; what is no node asks, and is told
 * @param hosts the addresses that its certificate names
 */
public record LinkProof(boolean secret, boolean tls, boolean node, Set<String> hosts) {
  /** Of a link that asks for none: anybody may be anything. */
  public static final LinkProof OPEN = new LinkProof(false, false, true, Set.of());

  public LinkProof {
    hosts = hosts.stream().map(HostText::canonical).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether nothing was proved. */
  public boolean isOpen() {
    return !secret && !tls;
  }

  /**
   * Whether the other end may speak for a node at this host: it is connected from there, or its
   * certificate says so. An open link says nothing of that.
   *
   * @param remoteHost where it is connected from
   */
  public boolean mayBeNodeAt(String host, String remoteHost) {
    if (isOpen()) {
      return true;
    }
    String said = HostText.canonical(host);
    return node && (said.equals(HostText.canonical(remoteHost)) || hosts.contains(said));
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
