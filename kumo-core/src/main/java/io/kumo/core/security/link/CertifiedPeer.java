package io.kumo.core.security.link;

import io.kumo.core.transport.LinkProof;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a certificate says of who has it, once its authority was checked: the addresses that it
 * names, and whether it is a node's. One with {@code OU=client} is not.
 */
public final class CertifiedPeer {
  private static final Pattern CLIENT = Pattern.compile("(^|,)OU=client(,|$)");
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private CertifiedPeer() {}

  /**
   * The proof.
   *
   * @param chain of the other end, its own certificate first
   */
  public static LinkProof proof(Certificate[] chain) {
    X509Certificate own = (X509Certificate) chain[0];
    boolean client = CLIENT.matcher(own.getSubjectX500Principal().getName()).find();
    return new LinkProof(false, true, !client, hosts(own));
  }

  private static Set<String> hosts(X509Certificate certificate) {
    Set<String> hosts = new HashSet<>();
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      throw new IllegalStateException("a certificate that was checked cannot be read", e);
    }
    if (names != null) {
      for (List<?> name : names) {
        int kind = (Integer) name.get(0);
        if (kind == IP_ADDRESS || kind == DNS_NAME) {
          hosts.add(String.valueOf(name.get(1)));
        }
      }
    }
    return hosts;
  }
}
