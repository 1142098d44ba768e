package io.kumo.it.sim.history;

/** What a client was answered. */
public enum OpOutcome {
  /** No answer, or SERVER_ERROR: may have happened, may happen later, may never happen. */
  UNKNOWN,
  /** Found, stored, counted or deleted. */
  DONE,
  /** Nothing is there: a miss, NOT_FOUND. */
  ABSENT,
  /** NOT_STORED: something is there for add, nothing for replace and append. */
  REFUSED,
  /** EXISTS: the token is not the record's. */
  MISMATCH,
  /** SERVER_ERROR of which it is known that nothing happened: no constraint at all. */
  NOTHING
}
