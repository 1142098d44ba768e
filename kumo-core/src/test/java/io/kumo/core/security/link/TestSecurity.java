package io.kumo.core.security.link;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.metrics.SecurityMetrics;
import io.kumo.core.security.ClientCertificates;
import io.kumo.core.security.ClientTls;
import io.kumo.core.security.ClusterSecrets;
import io.kumo.core.security.Reloads;
import io.kumo.core.security.Secret;
import io.kumo.core.security.ServerTls;
import io.kumo.core.security.TlsFiles;
import java.io.IOException;
import java.util.List;

/** What protects the links of tests. */
public final class TestSecurity {
  private TestSecurity() {}

  /** A secret alone, made of these words. */
  public static ClusterSecurity secret(LinkRole role, String words) {
    return new ClusterSecurity(
        role, () -> secrets(words), null, AllowedOriginals.NONE, TimeSource.system());
  }

  /** TLS alone. */
  public static ClusterSecurity tls(LinkRole role, TlsFiles files) throws IOException {
    return new ClusterSecurity(
        role, null, linkTls(files), AllowedOriginals.NONE, TimeSource.system());
  }

  /** Both. */
  public static ClusterSecurity both(LinkRole role, String words, TlsFiles files)
      throws IOException {
    return new ClusterSecurity(
        role, () -> secrets(words), linkTls(files), AllowedOriginals.NONE, TimeSource.system());
  }

  /** One secret. */
  public static ClusterSecrets secrets(String words) {
    return new ClusterSecrets(List.of(new Secret(words.getBytes(US_ASCII))));
  }

  /** Both directions by one certificate. */
  public static LinkTls linkTls(TlsFiles files) throws IOException {
    Reloads reloads = new Reloads(new SecurityMetrics());
    TimeSource time = TimeSource.system();
    return new LinkTls(
        ServerTls.open("cluster", files, ClientCertificates.REQUIRED, time, reloads),
        ClientTls.open("cluster", files, time, reloads));
  }
}
