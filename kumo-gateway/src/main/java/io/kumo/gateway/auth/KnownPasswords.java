package io.kumo.gateway.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kumo.core.auth.StoredPassword;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Passwords that were found right of late, so that a slow hash is computed once and not for each
 * connection. None is kept: only its digest under a key that this process has drawn, together with
 * what the user file says, so that another password in the file is another digest.
 *
 * <p>Thread-safe; holds {@link #MAX} digests.
 */
final class KnownPasswords {
  static final int MAX = 1024;

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final Set<String> digests = new LinkedHashSet<>();

  KnownPasswords() {
    byte[] drawn = new byte[32];
    new SecureRandom().nextBytes(drawn);
    key = new SecretKeySpec(drawn, ALGORITHM);
  }

  /** Borrows. */
  String digest(String name, StoredPassword stored, byte[] password) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update((name + '\n' + stored.text() + '\n').getBytes(ISO_8859_1));
      return Base64.getEncoder().encodeToString(mac.doFinal(password));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
    }
  }

  synchronized boolean contains(String digest) {
    return digests.contains(digest);
  }

  /** The one that was found first makes room. */
  synchronized void add(String digest) {
    if (digests.add(digest) && digests.size() > MAX) {
      digests.remove(digests.iterator().next());
    }
  }
}
