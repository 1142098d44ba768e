package io.kumo.gateway.auth;

import io.kumo.core.auth.HashedPassword;
import io.kumo.core.auth.StoredPassword;
import io.kumo.core.auth.User;
import io.kumo.core.auth.UserFile;
import io.kumo.core.guard.Guard;
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
 * <p>Thread-safe. Invariants: no loop computes a slow hash; what waits is bounded and in an order
 * by which strangers who guess keep nobody else out ({@link PasswordQueue}); a name that is
 * nobody's takes as long as a wrong password.
 */
public final class Authenticator {
  private static final StoredPassword NOBODY = HashedPassword.ofNobody();

  private final Supplier<UserFile> users;
  private final Executor hashing;
  private final KnownPasswords known = new KnownPasswords();
  private final FailedLogins failed = new FailedLogins();
  private final PasswordQueue queue = new PasswordQueue();

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

  /** Its queue is as long as {@link PasswordQueue}. */
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
   * @param done told the user or null: within this call when that can be, else on its loop
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
    PasswordQuestion question =
        new PasswordQuestion(digest, Origin.of(from), password, stored, user);
    ask(question.askedBy(loop, done));
  }

  private void ask(PasswordQuestion question) {
    PasswordQueue.Entry entry = queue.enter(question);
    PasswordQuestion out = entry.out();
    if (out != null) {
      out.tell(null);
    }
    if (entry.isMore()) {
      hashing.execute(this::answerNext);
    }
  }

  /** One for each that waits; which one is found when its turn comes. */
  private void answerNext() {
    PasswordQuestion question = queue.next();
    User found = question.answer();
    if (found != null) {
      known.add(question.digest());
    }
    queue.leave(question, found != null);
    question.tell(found);
  }

  /** How many were not compared, for want of a place. */
  public long refused() {
    return queue.refused();
  }
}
