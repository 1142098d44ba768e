package io.kumo.core.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The PBKDF2-HMAC-SHA256 of a password, in the form of Python's passlib: {@code
 * $pbkdf2-sha256$ROUNDS$SALT$HASH}, both in base64 without padding and with a dot for the plus.
 */
public final class HashedPassword implements StoredPassword {
  /** How such a text begins. */
  public static final String MARK = "$pbkdf2-sha256$";

  /** About a tenth of a second: a login may take that, and who has the file may not try many. */
  static final int ROUNDS = 200_000;

  /** More would keep a gateway from checking anything else. */
  private static final int MAX_ROUNDS = 5_000_000;

  private static final int MIN_ROUNDS = 1000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final Pattern FORM =
      Pattern.compile(
          "\\$pbkdf2-sha256\\$(\\d{1,9})\\$([A-Za-z0-9./]{1,90})\\$([A-Za-z0-9./]{43})");

  private final int rounds;
  private final byte[] salt;
  private final byte[] hash;
  private final String text;

  private HashedPassword(int rounds, byte[] salt, byte[] hash) {
    this.rounds = rounds;
    this.salt = salt;
    this.hash = hash;
    this.text = MARK + rounds + '$' + encode(salt) + '$' + encode(hash);
  }

  /** Hashes a password, which takes a while. Borrows it; UTF-8. */
  public static HashedPassword of(byte[] password, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    byte[] hash = derive(password, salt, ROUNDS);
    if (hash == null) {
      throw new IllegalArgumentException("a password is UTF-8, and not empty");
    }
    return new HashedPassword(ROUNDS, salt, hash);
  }

  /** One that matches nothing, and takes as long: to compare with when there is no such user. */
  public static HashedPassword ofNobody() {
    return new HashedPassword(ROUNDS, new byte[SALT_BYTES], new byte[HASH_BYTES]);
  }

  /** Reads what {@link #text} gives; null for anything else. */
  static @Nullable HashedPassword parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    int rounds = Integer.parseInt(parts.group(1));
    byte[] salt = decode(parts.group(2));
    byte[] hash = decode(parts.group(3));
    boolean fits = rounds >= MIN_ROUNDS && rounds <= MAX_ROUNDS;
    return fits && salt != null && hash != null ? new HashedPassword(rounds, salt, hash) : null;
  }

  @Override
  public boolean matches(byte[] password) {
    byte[] derived = derive(password, salt, rounds);
    return derived != null && MessageDigest.isEqual(hash, derived);
  }

  @Override
  public boolean isSlow() {
    return true;
  }

  @Override
  public String text() {
    return text;
  }

  /** Null when it is empty or not UTF-8, as no stored one is. */
  private static byte @Nullable [] derive(byte[] password, byte[] salt, int rounds) {
    try {
      CharBuffer characters = UTF_8.newDecoder().decode(ByteBuffer.wrap(password));
      if (!characters.hasRemaining()) {
        return null;
      }
      char[] letters = new char[characters.remaining()];
      characters.get(letters);
      PBEKeySpec asked = new PBEKeySpec(letters, salt, rounds, HASH_BYTES * Byte.SIZE);
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
          .generateSecret(asked)
          .getEncoded();
    } catch (CharacterCodingException e) {
      return null;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2 with SHA-256", e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getEncoder().withoutPadding().encodeToString(bytes).replace('+', '.');
  }

  private static byte @Nullable [] decode(String text) {
    try {
      return Base64.getDecoder().decode(text.replace('.', '+'));
    } catch (IllegalArgumentException e) {
      return null; // of a length that no bytes have
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HashedPassword that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return "a hashed password";
  }
}
