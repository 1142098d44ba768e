package io.kumo.core.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;

/** The text of a user file, edited so that what it does not concern stays as it was. */
public final class UserLines {
  private final List<String> lines = new ArrayList<>();

  /**
   * Borrows.
   *
   * @param bytes of a file that {@link UserFile#parse} understands
   */
  public UserLines(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    if (!text.isEmpty()) {
      lines.addAll(List.of(text.split("\n", -1)));
      if (lines.get(lines.size() - 1).isEmpty()) {
        lines.remove(lines.size() - 1);
      }
    }
  }

  /** Puts a user in the place of the one with the name, or at the end. */
  public void put(User user) {
    int index = indexOf(user.name());
    if (index < 0) {
      lines.add(user.line());
    } else {
      lines.set(index, user.line());
    }
  }

  /** Takes a user out; false when there is none of that name. */
  public boolean remove(String name) {
    int index = indexOf(name);
    if (index >= 0) {
      lines.remove(index);
    }
    return index >= 0;
  }

  private int indexOf(String name) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(name + ':')) {
        return i;
      }
    }
    return -1;
  }

  /** What the file is to hold. */
  public byte[] bytes() {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString().getBytes(ISO_8859_1);
  }
}
