package io.kumo.core.security.link;

import io.kumo.core.security.ClusterSecrets;
import io.kumo.core.view.ClusterId;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a process brings into handshakes. Any thread.
 *
 * @param role what it is
 * @param clusters gives its cluster, as it knows it now
 * @param secrets gives those that count now; null without
 * @param nonces makes so many bytes that nobody can foretell
 */
record LinkParty(
    LinkRole role,
    Supplier<ClusterId> clusters,
    @Nullable Supplier<ClusterSecrets> secrets,
    Function<Integer, byte[]> nonces) {

  ClusterId cluster() {
    return clusters.get();
  }

  boolean hasSecret() {
    return secrets != null;
  }

  byte[] nonce(int bytes) {
    return nonces.apply(bytes);
  }

  /** Empty without any. */
  @Nullable ClusterSecrets currentSecrets() {
    return secrets == null ? null : secrets.get();
  }

  List<io.kumo.core.security.Secret> accepted() {
    ClusterSecrets now = currentSecrets();
    return now == null ? List.of() : now.all();
  }
}
