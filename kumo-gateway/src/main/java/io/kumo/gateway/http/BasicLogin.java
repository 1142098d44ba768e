package io.kumo.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kumo.gateway.auth.Login;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Who sends the requests of one connection: each says so for itself (Basic, RFC 7617), and what has
 * been found out of the one before holds for the next that says the same. Confined to its event
 * loop.
 */
final class BasicLogin {
  private static final String SCHEME = "Basic ";

  private final Login login;
  private byte[] last = {};
  private boolean said;

  BasicLogin(Login login) {
    this.login = login;
  }

  /** Looks at a request; whether it has to be found out whether it is true what it says. */
  boolean mustVerify(HttpRequest head) {
    if (!login.isRequired()) {
      return false;
    }
    String field = head.headers().get(HttpHeaderNames.AUTHORIZATION);
    byte[] now = field == null ? new byte[0] : field.getBytes(ISO_8859_1);
    // What nobody was asked about says nothing, however often it comes.
    boolean same = said && MessageDigest.isEqual(now, last) && login.isKnown();
    last = now;
    said = field != null && (same || offer(field));
    return said && !same;
  }

  private boolean offer(String field) {
    byte[] decoded = decode(field);
    String credentials = decoded == null ? "" : new String(decoded, ISO_8859_1);
    int colon = credentials.indexOf(':');
    if (colon <= 0) {
      return false;
    }
    login.offer(
        credentials.substring(0, colon), credentials.substring(colon + 1).getBytes(ISO_8859_1));
    return true;
  }

  private static byte @Nullable [] decode(String field) {
    if (!field.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    try {
      return Base64.getDecoder().decode(field.substring(SCHEME.length()).strip());
    } catch (IllegalArgumentException e) {
      return null; // not base64
    }
  }

  /** Whether the request looked at last is by somebody who may send one. */
  boolean isAdmitted() {
    return !login.isRequired() || (said && login.isKnown());
  }
}
