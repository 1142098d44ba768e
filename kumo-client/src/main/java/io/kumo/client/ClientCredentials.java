package io.kumo.client;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.metrics.SecurityMetrics;
import io.kumo.core.security.ClientCertificates;
import io.kumo.core.security.ClientTls;
import io.kumo.core.security.ClusterSecrets;
import io.kumo.core.security.Reloads;
import io.kumo.core.security.ServerTls;
import io.kumo.core.security.TlsFiles;
import io.kumo.core.security.link.AllowedOriginals;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.kumo.core.security.link.LinkTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** By what a client proves that it belongs to its cluster; read when it connects. */
final class ClientCredentials {
  private @Nullable Path secretFile;
  private @Nullable TlsFiles files;

  void secretFile(Path file) {
    secretFile = file;
  }

  void certificate(Path certificate, Path key, Path authority) {
    files = new TlsFiles(certificate, key, authority);
  }

  ClusterSecurity open() {
    Path secret = secretFile;
    try {
      ClusterSecrets secrets = secret == null ? null : ClusterSecrets.read(secret);
      return new ClusterSecurity(
          LinkRole.GATEWAY,
          secrets == null ? null : () -> secrets,
          files == null ? null : tls(files),
          AllowedOriginals.NONE,
          TimeSource.system());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LinkTls tls(TlsFiles files) throws IOException {
    Reloads once = new Reloads(new SecurityMetrics());
    TimeSource time = TimeSource.system();
    return new LinkTls(
        ServerTls.open("client", files, ClientCertificates.REQUIRED, time, once),
        ClientTls.open("connect to nodes", files, time, once));
  }
}
