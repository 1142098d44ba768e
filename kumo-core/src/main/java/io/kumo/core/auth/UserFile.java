package io.kumo.core.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The users that a file names, a line each. {@code NAME:PASSWORD} is memcached's ({@code -Y}): the
 * rest of the line is the password. A password that begins with {@link HashedPassword#MARK} is a
 * hash, and rights may follow it: {@code NAME:HASH:RIGHTS}. Empty lines, and those that begin with
 * a hash sign, say nothing. Immutable.
 */
public final class UserFile {
  private static final int MAX_USERS = 10_000;
  private static final int MAX_LINE_BYTES = 1024;

  private final Map<String, User> users;
  private final boolean slow;

  private UserFile(Map<String, User> users) {
    this.users = Collections.unmodifiableMap(users);
    this.slow = users.values().stream().anyMatch(user -> user.password().isSlow());
  }

  public static UserFile of(Collection<User> users) {
    Map<String, User> named = new LinkedHashMap<>();
    users.forEach(user -> named.put(user.name(), user));
    return new UserFile(named);
  }

  /**
   * Reads the bytes of a file. Borrows.
   *
   * @throws IOException when a line is not understood; the message says which and why, and nothing
   *     of what stands in it
   */
  public static UserFile parse(byte[] bytes) throws IOException {
    Map<String, User> users = new LinkedHashMap<>();
    int number = 0;
    for (String raw : new String(bytes, ISO_8859_1).split("\n", -1)) {
      number++;
      String line = raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw;
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      User user = user(line, number);
      if (users.put(user.name(), user) != null) {
        throw wrong(number, "this user has a line already");
      }
      if (users.size() > MAX_USERS) {
        throw wrong(number, "more than " + MAX_USERS + " users");
      }
    }
    return new UserFile(users);
  }

  private static IOException wrong(int line, String why) {
    return new IOException("line " + line + ": " + why);
  }

  private static User user(String line, int number) throws IOException {
    int colon = line.indexOf(':');
    if (colon <= 0) {
      throw wrong(number, "it is not NAME:PASSWORD");
    }
    String name = line.substring(0, colon);
    String rest = line.substring(colon + 1);
    if (line.length() > MAX_LINE_BYTES || !isPlain(line)) {
      throw wrong(number, "too long, or with bytes that no name or password has");
    }
    return rest.startsWith(HashedPassword.MARK)
        ? hashed(name, rest, number)
        : new User(name, new PlainPassword(rest), Rights.DEFAULT);
  }

  private static boolean isPlain(String line) {
    return line.chars().noneMatch(c -> c < ' ' || c == 0x7F);
  }

  private static User hashed(String name, String rest, int number) throws IOException {
    int colon = rest.indexOf(':');
    HashedPassword password = HashedPassword.parse(colon < 0 ? rest : rest.substring(0, colon));
    if (password == null) {
      throw wrong(number, "it is not " + HashedPassword.MARK + "ROUNDS$SALT$HASH");
    }
    try {
      Rights rights = colon < 0 ? Rights.DEFAULT : Rights.parse(rest.substring(colon + 1));
      return new User(name, password, rights);
    } catch (IOException e) {
      throw wrong(number, String.valueOf(e.getMessage()));
    }
  }

  /** The one of this name, a character a byte; null when there is none. */
  public @Nullable User user(String name) {
    return users.get(name);
  }

  /** All of them, in the order of the file. */
  public Collection<User> users() {
    return users.values();
  }

  /** Whether some passwords are hashes: who is nobody must not be told sooner. */
  public boolean isSlow() {
    return slow;
  }
}
