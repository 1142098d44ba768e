package io.kumo.core.security;

import io.kumo.core.clock.TimeSource;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What {@link TlsFiles} held at a moment, checked: the key is the certificate's, and the
 * certificate is of today. Immutable.
 */
record TlsParts(
    List<X509Certificate> chain, PrivateKey key, @Nullable List<X509Certificate> authorities) {

  static TlsParts read(TlsFiles files, TimeSource time) throws SecurityFileException {
    List<X509Certificate> chain = Pem.certificates(files.certificate());
    PrivateKey key = Pem.privateKey(files.key());
    Pem.requirePair(files.key(), key, chain.get(0));
    requireValid(files.certificate(), chain.get(0), time);
    Path authority = files.authority();
    return new TlsParts(chain, key, authority == null ? null : Pem.certificates(authority));
  }

  private static void requireValid(Path file, X509Certificate certificate, TimeSource time)
      throws SecurityFileException {
    Instant now = Instant.ofEpochMilli(time.unixMillis());
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from) || now.isAfter(until)) {
      throw new SecurityFileException(
          file, "the certificate is good from " + from + " to " + until);
    }
  }

  /** How long the certificate is still good. */
  long secondsLeft(TimeSource time) {
    Instant until = chain.get(0).getNotAfter().toInstant();
    return TimeUnit.MILLISECONDS.toSeconds(until.toEpochMilli() - time.unixMillis());
  }

  X509Certificate[] chainArray() {
    return chain.toArray(X509Certificate[]::new);
  }

  X509Certificate @Nullable [] authorityArray() {
    return authorities == null ? null : authorities.toArray(X509Certificate[]::new);
  }
}
