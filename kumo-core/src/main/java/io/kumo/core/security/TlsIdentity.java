package io.kumo.core.security;

import io.kumo.core.clock.TimeSource;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A certificate and its key, read and checked as those of a listener are. */
public record TlsIdentity(X509Certificate certificate, PrivateKey key) {
  /** Throws when they do not belong together, or are not of today. */
  public static TlsIdentity read(TlsFiles files, TimeSource time) throws SecurityFileException {
    TlsParts parts = TlsParts.read(files, time);
    return new TlsIdentity(parts.chain().get(0), parts.key());
  }
}
