package io.kumo.core.testing;

import io.kumo.core.security.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Certificates that are good for a hundred years, with keys that only these tests know: {@code
 * node} and {@code node2} are nodes at 127.0.0.1 and localhost, {@code elsewhere} is one at
 * 192.0.2.1, {@code client} is no node, {@code expired} was one in January 2020; the authority of
 * {@code stranger} is another.
 */
public final class TestCertificates {
  private TestCertificates() {}

  /** Puts certificate and key of this name, and the authority's, into a folder. */
  public static TlsFiles copy(String name, Path folder) {
    return copy(name, "ca", folder);
  }

  /** The same with the authority given: {@code ca} or {@code other-ca}. */
  public static TlsFiles copy(String name, String authority, Path folder) {
    return new TlsFiles(
        put(name + ".crt", folder.resolve(name + ".crt")),
        put(name + ".key", folder.resolve(name + ".key")),
        put(authority + ".crt", folder.resolve(authority + ".crt")));
  }

  /** Puts the certificate and the key of this name in the place of those. */
  public static void replace(TlsFiles files, String name) {
    put(name + ".crt", files.certificate());
    put(name + ".key", files.key());
  }

  private static Path put(String resource, Path to) {
    try (InputStream in = TestCertificates.class.getResourceAsStream("/tls/" + resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no " + resource);
      }
      Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-------"));
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
