package io.kumo.tools.cert;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.cli.CliException;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.file.PrivateFiles;
import io.kumo.core.security.SecurityFileException;
import io.kumo.core.security.TlsFiles;
import io.kumo.core.security.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Where a cluster's authority is, its secret, and the certificates that it has made. All of it is
 * its owner's alone, 0700 and 0600, and nothing is ever written over.
 */
final class CertificateFolder {
  static final String SECRET = "cluster.secret";
  private static final String AUTHORITY = "ca";
  private static final int SECRET_BYTES = 32;
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final Path folder;

  CertificateFolder(Path folder) {
    this.folder = folder;
  }

  Path certificate(String name) {
    return folder.resolve(name + ".crt");
  }

  Path key(String name) {
    return folder.resolve(name + ".key");
  }

  Path secret() {
    return folder.resolve(SECRET);
  }

  /** Makes the folder, an authority and a secret. */
  void init(CertificateMaker maker, String name) throws IOException, GeneralSecurityException {
    PrivateFiles.createDirectories(folder);
    requireNew(AUTHORITY);
    write(AUTHORITY, maker.authority(name));
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    PrivateFiles.writeNew(
        secret(), (Base64.getEncoder().encodeToString(secret) + "\n").getBytes(US_ASCII));
  }

  /** What {@link #init} has made; throws {@link CliException} where it has not. */
  CertificateMaker.Identity authority() {
    TlsFiles files = new TlsFiles(certificate(AUTHORITY), key(AUTHORITY), null);
    try {
      TlsIdentity read = TlsIdentity.read(files, TimeSource.system());
      return new CertificateMaker.Identity(read.certificate(), read.key());
    } catch (SecurityFileException e) {
      throw CliException.failed(e.getMessage() + "; kumoctl cert init makes an authority");
    }
  }

  /** Throws {@link CliException} when there is a certificate or a key of this name. */
  void requireNew(String name) {
    if (PrivateFiles.exists(certificate(name)) || PrivateFiles.exists(key(name))) {
      throw CliException.failed(
          certificate(name) + ": there is one already; remove it and its key, or give --name");
    }
  }

  void write(String name, CertificateMaker.Identity identity)
      throws IOException, GeneralSecurityException {
    PrivateFiles.writeNew(key(name), pem("PRIVATE KEY", identity.key().getEncoded()));
    PrivateFiles.writeNew(
        certificate(name), pem("CERTIFICATE", identity.certificate().getEncoded()));
  }

  private static byte[] pem(String what, byte[] encoded) {
    String lines = LINES.encodeToString(encoded);
    return ("-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n")
        .getBytes(US_ASCII);
  }
}
