package io.kumo.gateway.route;

/**
 * What became of the attempts of one event loop. Written by that loop alone; other threads may read
 * numbers that are a moment old.
 */
public final class RouterStats {
  long errors;
  long refusals;
  long fallThroughReads;
  long failures;

  /** Attempts that ended in an error of the server or the connection. */
  public long errors() {
    return errors;
  }

  /** Attempts refused by a server that knew other hash spaces. */
  public long refusals() {
    return refusals;
  }

  /** Reads of another replica, because the coordinator did not answer. */
  public long fallThroughReads() {
    return fallThroughReads;
  }

  /** Keys for which nothing was left to try. */
  public long failures() {
    return failures;
  }
}
