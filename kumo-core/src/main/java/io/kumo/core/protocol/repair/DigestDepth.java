package io.kumo.core.protocol.repair;

import org.jspecify.annotations.Nullable;

/** How much of each record goes into the digest of a range. */
public enum DigestDepth {
  /** Key and ClockTime: what a server keeps up to date beside its records, so that it is cheap. */
  KEYS(0),
  /** The value, too: all of it is read. */
  VALUES(1);

  private final int id;

  DigestDepth(int id) {
    this.id = id;
  }

  /** As on the wire. */
  int id() {
    return id;
  }

  /** Null for an id that none has. */
  static @Nullable DigestDepth byId(long id) {
    return id == KEYS.id ? KEYS : id == VALUES.id ? VALUES : null;
  }
}
