package io.kumo.tools.bench.wire;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.security.CertificateOptions;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.security.ClientTls;
import io.kumo.core.security.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a client of memcached speaks TLS: whom it trusts, and what it shows. */
public final class TlsOptions {
  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description =
          "Who has to have made the certificates of servers at tls:// (PEM; default: those that"
              + " the JDK trusts).")
  private @Nullable Path authority;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "A certificate to show to servers at tls:// (PEM).")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Its private key (PEM); only its owner may read it.")
  private @Nullable Path key;

  @Option(
      names = "--tls-insecure",
      description = "Take any certificate for the server's, for measuring alone.")
  private boolean insecure;

  /**
   * Reads the files.
   *
   * @param wanted whether a server is spoken to by TLS
   * @return null when none is
   */
  public @Nullable ClientTls open(boolean wanted) {
    TlsFiles own = CertificateOptions.files(certificate, key, authority);
    requireSense(wanted);
    if (!wanted) {
      return null;
    }
    try {
      if (own != null) {
        return ClientTls.once(own, TimeSource.system());
      }
      return insecure ? ClientTls.trustingAnybody() : ClientTls.withoutCertificate(authority);
    } catch (IOException e) {
      throw CliException.failed(String.valueOf(e.getMessage()));
    }
  }

  private void requireSense(boolean wanted) {
    boolean files = authority != null || certificate != null || key != null;
    if (insecure && files) {
      throw CliException.usage("--tls-insecure goes with none of --tls-ca, --tls-cert, --tls-key");
    }
    if (!wanted && (insecure || files)) {
      throw CliException.usage("TLS is for servers named tls://HOST:PORT, and none is");
    }
  }
}
