package io.kumo.core.security;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What the processes of a cluster know and nobody else. Never printed. */
public final class Secret {
  /** Shorter ones can be guessed by who has seen one handshake. */
  public static final int MIN_BYTES = 16;

  public static final int MAX_BYTES = 1024;

  /** Of {@link #mac}. */
  public static final int MAC_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  /**
   * Takes a copy.
   *
   * @throws IllegalArgumentException when it is too short or too long
   */
  public Secret(byte[] secret) {
    if (secret.length < MIN_BYTES || secret.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a secret has from " + MIN_BYTES + " to " + MAX_BYTES + " bytes");
    }
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  /** HMAC-SHA-256 of the parts, one behind the other. */
  public byte[] mac(byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /** Whether this is it; takes as long whatever differs. */
  public boolean is(byte[] presented) {
    return isEqual(key.getEncoded(), presented);
  }

  /** Takes as long whatever differs. */
  public static boolean isEqual(byte[] one, byte[] other) {
    return MessageDigest.isEqual(one, other);
  }

  @Override
  public String toString() {
    return "a secret";
  }
}
