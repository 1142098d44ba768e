package io.kumo.core.security.link;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.metrics.SecurityMetrics;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.security.ClusterSecrets;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.LinkProof;
import io.kumo.core.transport.Transport;
import io.kumo.core.view.ClusterId;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What protects the links between nodes and tools of one process: a secret, TLS, both, or neither.
 * Thread-safe.
 */
public final class ClusterSecurity {
  private final @Nullable LinkTls tls;
  private final AllowedOriginals originals;
  private final AtomicReference<Supplier<ClusterId>> cluster =
      new AtomicReference<>(() -> ClusterId.NONE);
  private final LinkParty party;
  private final RefusedLinks refused;

  /**
   * @param secrets gives those that count now; null without
   */
  public ClusterSecurity(
      LinkRole role,
      @Nullable Supplier<ClusterSecrets> secrets,
      @Nullable LinkTls tls,
      AllowedOriginals originals,
      TimeSource time) {
    SecureRandom random = new SecureRandom();
    this.tls = tls;
    this.originals = originals;
    this.party =
        new LinkParty(role, () -> cluster.get().get(), secrets, count -> nonce(random, count));
    this.refused = new RefusedLinks(time, SecurityMetrics.ofProcess());
  }

  private static byte[] nonce(SecureRandom random, int bytes) {
    byte[] nonce = new byte[bytes];
    random.nextBytes(nonce);
    return nonce;
  }

  /** Nothing protects them: whoever reaches a port may do everything. */
  public static ClusterSecurity open(LinkRole role) {
    return new ClusterSecurity(role, null, null, AllowedOriginals.NONE, TimeSource.system());
  }

  /** Whether nothing protects the links. */
  public boolean isOpen() {
    return tls == null && !party.hasSecret();
  }

  /** What protects the links, in a word. */
  String protection() {
    if (tls == null) {
      return party.hasSecret() ? "secret" : "open";
    }
    return party.hasSecret() ? "tls+secret" : "tls";
  }

  public @Nullable LinkTls tls() {
    return tls;
  }

  public AllowedOriginals originals() {
    return originals;
  }

  /** Asks there from now on which cluster this process is of; on any thread. */
  public void clusterFrom(Supplier<ClusterId> source) {
    cluster.set(source);
  }

  /**
   * The same network, on which both ends of every link prove themselves before anything else.
   *
   * @param network its links are of TLS already where that is wanted
   */
  public Transport over(Transport network) {
    return isOpen() ? network : new SecuredTransport(network, this);
  }

  RefusedLinks refusals() {
    return refused;
  }

  /** Counts and tells of one that TLS has refused. */
  public void refused(String remote, String host, String why) {
    refused.refused(remote, host, why);
  }

  LinkListener incoming(Transport transport, UnderWay underWay, LinkListener inner) {
    return new IncomingLink(transport, this, underWay, inner);
  }

  LinkListener outgoing(Transport transport, NodeAddress remote, LinkListener inner) {
    return originals.isAt(remote) ? inner : new OutgoingLink(transport, this, inner);
  }

  ServerHandshake accept(LinkProof below) {
    return new ServerHandshake(party, below);
  }

  ClientHandshake connect(LinkProof below) {
    return new ClientHandshake(party, below);
  }

  /** For a log line and {@code status}: open, secret, tls or tls+secret. */
  public String kind() {
    return new LinkProof(party.hasSecret(), tls != null, true, Set.of()).toString();
  }
}
