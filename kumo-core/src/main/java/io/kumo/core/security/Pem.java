package io.kumo.core.security;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads keys and certificates from PEM files; what is wrong with one is said in a line. */
final class Pem {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final Pattern OTHER_KEY =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----");

  /** The algorithms of keys, and how each signs. */
  private static final Map<String, String> SIGNATURES =
      Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA", "EdDSA", "EdDSA");

  private Pem() {}

  /** All certificates of the file, in its order; at least one. */
  static List<X509Certificate> certificates(Path file) throws SecurityFileException {
    byte[] text = SecretFiles.readPublic(file);
    try {
      List<X509Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(text))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (all.isEmpty()) {
        throw new SecurityFileException(file, "it has no certificate (BEGIN CERTIFICATE)");
      }
      return all;
    } catch (CertificateException e) {
      throw new SecurityFileException(file, "no certificate in PEM form: " + e.getMessage(), e);
    }
  }

  /** The key of a file that only its owner may read. */
  static PrivateKey privateKey(Path file) throws SecurityFileException {
    String text = new String(SecretFiles.read(file), US_ASCII);
    Matcher found = KEY.matcher(text);
    if (!found.find()) {
      Matcher other = OTHER_KEY.matcher(text);
      throw new SecurityFileException(
          file,
          other.find()
              ? "a key of the form " + other.group(1) + "; do: openssl pkcs8 -topk8 -nocrypt"
              : "it has no key (BEGIN PRIVATE KEY)");
    }
    byte[] encoded;
    try {
      encoded = Base64.getMimeDecoder().decode(found.group(1));
    } catch (IllegalArgumentException e) {
      throw new SecurityFileException(file, "the key is damaged", e);
    }
    return privateKey(file, new PKCS8EncodedKeySpec(encoded));
  }

  private static PrivateKey privateKey(Path file, PKCS8EncodedKeySpec encoded)
      throws SecurityFileException {
    SecurityFileException none = new SecurityFileException(file, "no key of RSA, EC or Ed25519");
    for (String algorithm : SIGNATURES.keySet()) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (InvalidKeySpecException e) {
        none.addSuppressed(e);
      } catch (GeneralSecurityException e) {
        throw new SecurityFileException(file, String.valueOf(e.getMessage()), e);
      }
    }
    throw none;
  }

  /** Refuses a key that is not the certificate's. */
  static void requirePair(Path keyFile, PrivateKey key, Certificate certificate)
      throws SecurityFileException {
    String algorithm = SIGNATURES.get(key.getAlgorithm());
    byte[] word = "kumo".getBytes(US_ASCII);
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(word);
      byte[] signed = signing.sign();
      signing.initVerify(certificate.getPublicKey());
      signing.update(word);
      if (!signing.verify(signed)) {
        throw new SecurityFileException(keyFile, "not the key of the certificate");
      }
    } catch (GeneralSecurityException e) {
      throw new SecurityFileException(keyFile, "not the key of the certificate", e);
    }
  }
}
