package io.kumo.gateway.memcached;

/** What a request asks for, whichever protocol it came in. */
public enum McOperation {
  /** Read any number of keys. */
  GET(false, true),
  /** Read any number of keys and give each a new expiry. */
  GET_AND_TOUCH(true, true),
  /** Read one key as a meta get that may change the record: new expiry, vivify, win a recache. */
  META_GET(true, true),
  TOUCH(true, true),
  SET(true, true),
  ADD(true, true),
  REPLACE(true, true),
  APPEND(true, true),
  PREPEND(true, true),
  DELETE(true, true),
  INCR(true, true),
  DECR(true, true),
  /** Wipe the cluster; a barrier within its connection. */
  FLUSH_ALL(true, false),
  STATS(false, false),
  /** Answered by the decoder: its status or text is set already. */
  LOCAL(false, false),
  /** The connection closes once everything before it has been answered. */
  QUIT(false, false);

  private final boolean write;
  private final boolean keyed;

  McOperation(boolean write, boolean keyed) {
    this.write = write;
    this.keyed = keyed;
  }

  /** Whether it may change a record. */
  public boolean isWrite() {
    return write;
  }

  /** Whether it goes to the back end key by key. */
  public boolean isKeyed() {
    return keyed;
  }

  /** Whether it stores a value sent with the request. */
  public boolean isStore() {
    return switch (this) {
      case SET, ADD, REPLACE, APPEND, PREPEND -> true;
      case GET, GET_AND_TOUCH, META_GET, TOUCH, DELETE, INCR, DECR -> false;
      case FLUSH_ALL, STATS, LOCAL, QUIT -> false;
    };
  }

  /** Whether it is a counter operation. */
  public boolean isArithmetic() {
    return this == INCR || this == DECR;
  }

  /** Whether values found are part of the answer. */
  public boolean isRead() {
    return this == GET || this == GET_AND_TOUCH || this == META_GET;
  }
}
