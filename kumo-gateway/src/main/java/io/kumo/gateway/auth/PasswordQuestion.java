package io.kumo.gateway.auth;

import io.kumo.core.auth.StoredPassword;
import io.kumo.core.auth.User;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A password that is to be compared with a slow hash, and who asks. */
final class PasswordQuestion {
  private final String digest;
  private final Origin from;
  private final byte[] password;
  private final StoredPassword stored;
  private final @Nullable User user;
  private final List<Asker> askers = new ArrayList<>();

  private record Asker(LoopCalls loop, Consumer<@Nullable User> done) {}

  /**
   * @param digest the same for the same name, password and stored password
   * @param password borrowed until it is answered
   * @param user whose password it is, if it is right
   */
  PasswordQuestion(
      String digest, Origin from, byte[] password, StoredPassword stored, @Nullable User user) {
    this.digest = digest;
    this.from = from;
    this.password = password;
    this.stored = stored;
    this.user = user;
  }

  PasswordQuestion askedBy(LoopCalls loop, Consumer<@Nullable User> done) {
    askers.add(new Asker(loop, done));
    return this;
  }

  String digest() {
    return digest;
  }

  Origin from() {
    return from;
  }

  boolean isSame(PasswordQuestion other) {
    return digest.equals(other.digest);
  }

  /** Takes those who ask the other one, which is the same. */
  void join(PasswordQuestion other) {
    askers.addAll(other.askers);
  }

  /** Takes long. */
  @Nullable User answer() {
    return stored.matches(password) ? user : null;
  }

  /** Tells those who ask, each on its loop. */
  void tell(@Nullable User found) {
    for (Asker asker : askers) {
      asker.loop().execute(() -> asker.done().accept(found));
    }
  }
}
