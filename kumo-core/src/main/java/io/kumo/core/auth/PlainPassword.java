package io.kumo.core.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;

/**
 * A password as memcached keeps it, readable.
 *
 * @param text its bytes, each a character
 */
record PlainPassword(String text) implements StoredPassword {
  @Override
  public boolean matches(byte[] password) {
    return MessageDigest.isEqual(text.getBytes(ISO_8859_1), password);
  }

  @Override
  public boolean isSlow() {
    return false;
  }

  @Override
  public String toString() {
    return "a plain password";
  }
}
