package io.kumo.core.security.link;

import org.jspecify.annotations.Nullable;

/** What one end of a link says it is. */
public enum LinkRole {
  MANAGER(1),
  SERVER(2),
  GATEWAY(3),
  /** kumoctl and all others that ask once. */
  TOOL(4);

  private final int id;

  LinkRole(int id) {
    this.id = id;
  }

  /** On the wire. */
  int id() {
    return id;
  }

  /** Whether it introduces itself, and others rely on what it says. */
  boolean isNode() {
    return this == MANAGER || this == SERVER;
  }

  static @Nullable LinkRole byId(int id) {
    for (LinkRole role : values()) {
      if (role.id == id) {
        return role;
      }
    }
    return null;
  }
}
