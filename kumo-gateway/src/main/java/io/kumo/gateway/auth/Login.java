package io.kumo.gateway.auth;

import io.kumo.core.auth.Rights;
import io.kumo.core.auth.User;
import io.kumo.core.auth.UserFile;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.Limits;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who one client is. Whatever its protocol, a decoder {@link #offer}s a name and a password, and
 * its connection has them {@link #verify}ed before anything else of the client is looked at.
 *
 * <p>Invariant: a client whose user has gone from the file, or has another password there, is
 * nobody from then on. Confined to its event loop.
 */
public final class Login {
  /** Of every client of a gateway without users: it may ask for anything. */
  public static final Login OPEN = new Login(null);

  /**
   * What the logins of one event loop share.
   *
   * @param loop theirs
   */
  public record Desk(Authenticator authenticator, LoopCalls loop, TimeSource time) {}

  private final @Nullable Desk desk;
  private String from = "";
  private String offeredName = "";
  private byte[] offeredPassword = {};
  private @Nullable User user;
  private @Nullable UserFile seen;
  private boolean wasKnown;
  private boolean busy;

  private Login(@Nullable Desk desk) {
    this.desk = desk;
  }

  /** Of a client that has to say who it is. */
  public static Login required(Desk desk) {
    return new Login(desk);
  }

  /** Whether clients have to say who they are. */
  public boolean isRequired() {
    return desk != null;
  }

  /** The address that the client is connected from. */
  public void from(String address) {
    if (desk != null) {
      from = address;
    }
  }

  /** Whether the client may ask for anything. */
  public boolean isKnown() {
    return desk == null || user() != null;
  }

  /** Whether the client has been known once; its user may have gone since. */
  public boolean wasKnown() {
    return wasKnown;
  }

  /** What the client may do; null when it is nobody. */
  public @Nullable Rights rights() {
    User known = user();
    return known == null ? null : known.rights();
  }

  private @Nullable User user() {
    User known = user;
    if (desk == null || known == null) {
      return null;
    }
    UserFile now = desk.authenticator().users();
    if (now != seen) {
      User same = now.user(known.name());
      seen = now;
      user = same != null && same.password().equals(known.password()) ? same : null;
    }
    return user;
  }

  /**
   * Keeps what the client says of itself, until {@link #verify}.
   *
   * @param name a character a byte
   * @param password takes
   */
  public void offer(String name, byte[] password) {
    offeredName = name;
    offeredPassword = password;
  }

  /** Whether it is being found out; nothing else of the client is looked at. */
  public boolean isBusy() {
    return busy;
  }

  /**
   * Finds out whether what was offered is true. A failure is told after {@link
   * Limits#LOGIN_FAILURE_NS}, so that nobody learns from the time that it took, and who guesses has
   * to wait.
   *
   * @param done told whether it was, within this call or later on the loop
   */
  public void verify(Consumer<Boolean> done) {
    if (desk == null) {
      throw new IllegalStateException("nobody has to say who he is");
    }
    busy = true;
    byte[] password = offeredPassword;
    offeredPassword = new byte[0];
    long beganNs = desk.time().nanoTime();
    Desk at = desk;
    at.authenticator()
        .check(offeredName, password, from, at.loop(), found -> found(at, found, beganNs, done));
  }

  private void found(Desk at, @Nullable User found, long beganNs, Consumer<Boolean> done) {
    user = found;
    seen = null;
    if (found != null) {
      wasKnown = true;
      end(true, done);
      return;
    }
    long nowNs = at.time().nanoTime();
    at.authenticator().failed().add(offeredName, from, nowNs);
    long leftNs = Limits.LOGIN_FAILURE_NS - (nowNs - beganNs);
    at.loop().after(Math.max(0, leftNs), () -> end(false, done));
  }

  private void end(boolean known, Consumer<Boolean> done) {
    busy = false;
    done.accept(known);
  }
}
