package io.kumo.it.sim.history;

/** What a client asks for. */
public enum OpKind {
  /** Read the value and its CAS token. */
  GET,
  /** Store whatever is there. */
  SET,
  /** Store where nothing is. */
  ADD,
  /** Store where something is. */
  REPLACE,
  /** Store where the token given is still the record's. */
  CAS,
  /** Put the argument behind what is there. */
  APPEND,
  /** Add the argument to the decimal number that is there. */
  INCR,
  /** Take away what is there. */
  DELETE
}
