package io.kumo.tools.bench;

import java.util.Locale;

/** What a request does. */
enum Operation {
  GET,
  SET,
  DELETE,
  /** Adds one to a counter, a key of its own family. */
  INCR,
  /** One request for several keys. */
  MGET;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
