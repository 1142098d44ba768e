package io.kumo.core.route.request;

/** What is to be done to a key. */
public enum KeyOperation {
  /** Read any number of keys. */
  GET,
  /** Read any number of keys and give each a new expiry. */
  GET_AND_TOUCH,
  /** Read one key in a way that may change the record: new expiry, vivify, win a recache. */
  META_GET,
  /** Give a key a new expiry. */
  TOUCH,
  SET,
  /** Set a key that has no item. */
  ADD,
  /** Set a key that has an item. */
  REPLACE,
  APPEND,
  PREPEND,
  DELETE,
  INCR,
  DECR;

  /** Whether it may change a record. */
  public boolean isWrite() {
    return this != GET;
  }

  /** Whether it stores a value that comes with the request. */
  public boolean isStore() {
    return switch (this) {
      case SET, ADD, REPLACE, APPEND, PREPEND -> true;
      case GET, GET_AND_TOUCH, META_GET, TOUCH, DELETE, INCR, DECR -> false;
    };
  }

  /** Whether it is a counter operation. */
  public boolean isArithmetic() {
    return this == INCR || this == DECR;
  }

  /** Whether values found are part of the outcome. */
  public boolean isRead() {
    return this == GET || this == GET_AND_TOUCH || this == META_GET;
  }
}
