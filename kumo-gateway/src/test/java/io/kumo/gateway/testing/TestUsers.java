package io.kumo.gateway.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.auth.UserFile;
import java.io.IOException;

/** Users of a gateway that a test starts. */
public final class TestUsers {
  private TestUsers() {}

  /** One user, alice, whose password is {@code secret}. */
  public static UserFile alice() {
    return of("alice:secret\n");
  }

  /** The users that a file of this text names. */
  public static UserFile of(String text) {
    try {
      return UserFile.parse(text.getBytes(US_ASCII));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
