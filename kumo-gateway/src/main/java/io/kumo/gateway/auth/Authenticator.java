package io.kumo.gateway.auth;

import io.kumo.core.auth.HashedPassword;
import io.kumo.core.auth.StoredPassword;
import io.kumo.core.auth.User;
import io.kumo.core.auth.UserFile;
import io.kumo.core.guard.Guard;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks names and passwords for all event loops of a gateway. What is hashed slowly is checked by
 * a thread of its own, one at a time.
 *
 * <p>Thread-safe. Invariants: no loop computes a slow hash; what waits is bounded, in all ({@link
 * #MAX_WAITING}) and of each address ({@link #MAX_WAITING_OF_ONE}), so that a stranger who guesses
 * keeps nobody else waiting for long; the same question asked again while it waits waits with it,
 * so that the many connections of a pool are one question; a name that is nobody's takes as long as
 * a wrong password.
 */
public final class Authenticator {
  static final int MAX_WAITING = 64;
  static final int MAX_WAITING_OF_ONE = 4;

  private static final StoredPassword NOBODY = HashedPassword.ofNobody();

  private final Supplier<UserFile> users;
  private final Executor hashing;
  private final KnownPasswords known = new KnownPasswords();
  private final FailedLogins failed = new FailedLogins();
  private final List<Question> waiting = new ArrayList<>();

  /**
   * One name and password.
   *
   * @param digest the same for the same name, password and stored password
   */
  private record Question(String digest, String from, List<Asker> askers) {}

  /** Where a question has to wait. */
  private enum Place {
    /** Nowhere: too many wait. */
    FULL,
    /** With others who ask the same. */
    WITH_OTHERS,
    /** In a place of its own. */
    OWN
  }

  private record Asker(LoopCalls loop, Consumer<@Nullable User> done) {}

  /**
   * @param users the file as it is now; any thread
   */
  public Authenticator(Supplier<UserFile> users) {
    this(users, thread());
  }

  /**
   * @param hashing runs what takes long
   */
  Authenticator(Supplier<UserFile> users, Executor hashing) {
    this.users = users;
    this.hashing = Guard.ofProcess().guarding("password", hashing);
  }

  /** Its queue is bounded by {@link #MAX_WAITING}. */
  private static Executor thread() {
    ThreadPoolExecutor thread =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> Guard.ofProcess().thread("kumo-passwords", task));
    thread.allowCoreThreadTimeOut(true);
    return thread;
  }

  FailedLogins failed() {
    return failed;
  }

  UserFile users() {
    return users.get();
  }

  /**
   * Asks whether there is such a user.
   *
   * @param name a character a byte
   * @param from the address that is asking
   * @param done told the user or null: within this call when that can be, else on the loop
   */
  void check(
      String name, byte[] password, String from, LoopCalls loop, Consumer<@Nullable User> done) {
    UserFile file = users.get();
    User user = file.user(name);
    boolean plain = user != null && !user.password().isSlow();
    boolean right = plain && user.password().matches(password);
    if (right || !file.isSlow()) {
      done.accept(right ? user : null);
      return;
    }
    StoredPassword stored = user == null || plain ? NOBODY : user.password();
    String digest = known.digest(name, stored, password);
    if (known.contains(digest)) {
      done.accept(user);
      return;
    }
    switch (join(digest, from, new Asker(loop, done))) {
      case FULL -> done.accept(null);
      case WITH_OTHERS -> {}
      case OWN -> hashing.execute(() -> answer(digest, stored.matches(password) ? user : null));
    }
  }

  private synchronized Place join(String digest, String from, Asker asker) {
    int sameAddress = 0;
    for (Question question : waiting) {
      if (question.digest().equals(digest)) {
        question.askers().add(asker);
        return Place.WITH_OTHERS;
      }
      sameAddress += question.from().equals(from) ? 1 : 0;
    }
    if (waiting.size() >= MAX_WAITING || sameAddress >= MAX_WAITING_OF_ONE) {
      return Place.FULL;
    }
    List<Asker> askers = new ArrayList<>();
    askers.add(asker);
    waiting.add(new Question(digest, from, askers));
    return Place.OWN;
  }

  private void answer(String digest, @Nullable User user) {
    if (user != null) {
      known.add(digest);
    }
    for (Asker asker : leave(digest)) {
      asker.loop().execute(() -> asker.done().accept(user));
    }
  }

  private synchronized List<Asker> leave(String digest) {
    for (Question question : waiting) {
      if (question.digest().equals(digest)) {
        waiting.remove(question);
        return question.askers();
      }
    }
    return List.of();
  }
}
