package io.kumo.it.sim;

import io.kumo.testkit.net.EventQueue;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What happened, in order: always as a hash, by which two runs are compared, and on demand as text.
 */
final class Trace {
  private final EventQueue events;
  private final @Nullable PrintStream out;
  private long hash = 0xCBF29CE484222325L;

  Trace(EventQueue events, @Nullable PrintStream out) {
    this.events = events;
    this.out = out;
  }

  /** Something too frequent for a line. */
  void mix(long what) {
    hash = (hash ^ what ^ events.nowNs()) * 0x100000001B3L;
    hash ^= hash >>> 31;
  }

  /** A line that is part of what happened. */
  void say(String line) {
    mix(line.hashCode());
    note(line);
  }

  /** A line for the reader. */
  void note(String line) {
    if (out != null) {
      out.println(String.format(Locale.ROOT, "%11.6f  %s", events.nowNs() / 1e9, line));
    }
  }

  boolean isPrinting() {
    return out != null;
  }

  long hash() {
    return hash;
  }
}
