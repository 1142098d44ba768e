package io.kumo.core.http;

/**
 * Whether a process can do what it is there for.
 *
 * @param why what it lacks; empty when it is ready
 */
public record Readiness(String why) {
  public static final Readiness READY = new Readiness("");

  public static Readiness lacks(String what) {
    return new Readiness(what);
  }

  public boolean isReady() {
    return why.isEmpty();
  }
}
