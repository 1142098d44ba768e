package io.kumo.tools.cert;

import io.kumo.core.clock.TimeSource;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes an authority, and certificates by it, with keys of the curve P-256. */
final class CertificateMaker {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Clocks of other machines may be behind. */
  private static final Duration EARLIER = Duration.ofHours(1);

  private static final int SERIAL_BITS = 127;

  private final SecureRandom random = new SecureRandom();
  private final TimeSource time;
  private final Duration validity;

  /** A certificate and its key. */
  record Identity(X509Certificate certificate, PrivateKey key) {}

  /** What a certificate is good for; the words are its OU. */
  enum Purpose {
    /** Managers, servers and gateways, at the hosts that it names. */
    NODE("node"),
    /** Tools and gateways, and clients of gateways, anywhere. */
    CLIENT("client");

    private final String unit;

    Purpose(String unit) {
      this.unit = unit;
    }
  }

  CertificateMaker(TimeSource time, Duration validity) {
    this.time = time;
    this.validity = validity;
  }

  Identity authority(String name) throws GeneralSecurityException, IOException {
    KeyPair keys = newKeys();
    X500Name self = name("authority", name);
    X509v3CertificateBuilder made = builder(self, self, keys);
    made.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    made.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    return new Identity(signed(made, keys.getPrivate()), keys.getPrivate());
  }

  /**
   * One by the authority.
   *
   * @param hosts addresses and names that it is good for, as a server's
   */
  Identity issue(Identity authority, Purpose purpose, String name, List<String> hosts)
      throws GeneralSecurityException, IOException {
    KeyPair keys = newKeys();
    X500Name issuer =
        X500Name.getInstance(authority.certificate().getSubjectX500Principal().getEncoded());
    X509v3CertificateBuilder made = builder(issuer, name(purpose.unit, name), keys);
    made.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    made.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    made.addExtension(Extension.extendedKeyUsage, false, uses(purpose));
    if (!hosts.isEmpty()) {
      made.addExtension(Extension.subjectAlternativeName, false, names(hosts));
    }
    return new Identity(signed(made, authority.key()), keys.getPrivate());
  }

  private static ExtendedKeyUsage uses(Purpose purpose) {
    return switch (purpose) {
      case NODE ->
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth});
      case CLIENT -> new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth);
    };
  }

  private static GeneralNames names(List<String> hosts) {
    return new GeneralNames(
        hosts.stream()
            .map(
                host ->
                    new GeneralName(
                        IPV4.matcher(host).matches() || host.contains(":")
                            ? GeneralName.iPAddress
                            : GeneralName.dNSName,
                        host))
            .toArray(GeneralName[]::new));
  }

  private static X500Name name(String unit, String name) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, "kumo")
        .addRDN(BCStyle.OU, unit)
        .addRDN(BCStyle.CN, name)
        .build();
  }

  private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair keys) {
    Instant now = Instant.ofEpochMilli(time.unixMillis());
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, random).setBit(0),
        Date.from(now.minus(EARLIER)),
        Date.from(now.plus(validity)),
        subject,
        keys.getPublic());
  }

  private static X509Certificate signed(X509v3CertificateBuilder made, PrivateKey by)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(made.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("cannot sign: " + e.getMessage(), e);
    }
  }

  private KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }
}
