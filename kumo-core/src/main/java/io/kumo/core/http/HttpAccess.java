package io.kumo.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kumo.core.security.ClusterSecrets;
import io.kumo.core.security.Secret;
import io.kumo.core.security.ServerTls;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may look: anybody, or who has the token. Thread-safe.
 *
 * @param tokens gives those that count now; null when there are none
 * @param tls by which it is spoken; null for plain text
 */
public record HttpAccess(@Nullable Supplier<ClusterSecrets> tokens, @Nullable ServerTls tls) {
  public static final HttpAccess OPEN = new HttpAccess(null, null);

  /** What who has none is told to give. */
  static final String CHALLENGE = "Basic realm=\"kumo\", Bearer";

  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  /**
   * By which hosts a port may be asked for: a page in a browser has no token, nor a certificate.
   */
  OwnHosts hosts(InetSocketAddress local) {
    return tokens == null && tls == null ? OwnHosts.of(local) : OwnHosts.ANY;
  }

  /**
   * Whether a request may be answered.
   *
   * @param authorization as the header has it: the token of {@code Bearer}, or the password of
   *     {@code Basic}, as browsers send it, with any name
   */
  boolean allows(@Nullable String authorization) {
    if (tokens == null) {
      return true;
    }
    byte[] presented = presented(authorization == null ? "" : authorization);
    boolean found = false;
    for (Secret token : tokens.get().all()) {
      found |= token.is(presented);
    }
    return found;
  }

  private static byte[] presented(String authorization) {
    if (authorization.startsWith(BEARER)) {
      return authorization.substring(BEARER.length()).strip().getBytes(UTF_8);
    }
    if (!authorization.startsWith(BASIC)) {
      return new byte[0];
    }
    String pair;
    try {
      pair = new String(Base64.getDecoder().decode(authorization.substring(BASIC.length())), UTF_8);
    } catch (IllegalArgumentException e) {
      pair = "no base64: " + e.getMessage();
    }
    return pair.substring(pair.indexOf(':') + 1).getBytes(UTF_8);
  }
}
