package io.kumo.core.cli.security;

import io.kumo.core.cli.CliException;
import io.kumo.core.security.TlsFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --tls-cert} and {@code --tls-key} name, which go together wherever they are known.
 */
public final class CertificateOptions {
  private CertificateOptions() {}

  /**
   * Throws {@link CliException} when only one is given.
   *
   * @return null when neither is
   */
  public static @Nullable TlsFiles files(
      @Nullable Path certificate, @Nullable Path key, @Nullable Path authority) {
    if (certificate != null && key != null) {
      return new TlsFiles(certificate, key, authority);
    }
    if (certificate != null || key != null) {
      throw CliException.usage("--tls-cert and --tls-key go together");
    }
    return null;
  }
}
