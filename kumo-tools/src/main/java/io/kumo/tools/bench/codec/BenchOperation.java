package io.kumo.tools.bench.codec;

import java.util.Locale;

/** What a request does. */
public enum BenchOperation {
  GET,
  SET,
  DELETE,
  /** Adds one to a counter, a key of its own family. */
  INCR,
  /** One request for several keys. */
  MGET;

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
