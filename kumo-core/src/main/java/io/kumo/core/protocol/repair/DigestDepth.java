package io.kumo.core.protocol.repair;

import org.jspecify.annotations.Nullable;

/** How much of each record goes into the digest of a range. */
public enum DigestDepth {
  /** Key and ClockTime: what a server keeps up to date beside its records, so that it is cheap. */
  KEYS,
  /** The value, too: all of it is read. */
  VALUES;

  /** Null for a number that none has. */
  static @Nullable DigestDepth byNumber(long number) {
    return number == 0 ? KEYS : number == 1 ? VALUES : null;
  }
}
