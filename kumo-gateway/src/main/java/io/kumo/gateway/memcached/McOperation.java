package io.kumo.gateway.memcached;

import io.kumo.core.route.request.KeyOperation;
import org.jspecify.annotations.Nullable;

/** What a request asks for, whichever protocol it came in. */
public enum McOperation {
  GET(KeyOperation.GET),
  GET_AND_TOUCH(KeyOperation.GET_AND_TOUCH),
  /** A meta get that may change the record. */
  META_GET(KeyOperation.META_GET),
  TOUCH(KeyOperation.TOUCH),
  SET(KeyOperation.SET),
  ADD(KeyOperation.ADD),
  REPLACE(KeyOperation.REPLACE),
  APPEND(KeyOperation.APPEND),
  PREPEND(KeyOperation.PREPEND),
  DELETE(KeyOperation.DELETE),
  INCR(KeyOperation.INCR),
  DECR(KeyOperation.DECR),
  /** Wipe the cluster; a barrier within its connection. */
  FLUSH_ALL(null),
  STATS(null),
  /** Tell all keys, in many parts; a barrier within its connection. */
  LIST_KEYS(null),
  /** Say who the client is: what it has offered to its login; a barrier within its connection. */
  AUTHENTICATE(null),
  /** Answered by the decoder: its status or text is set already. */
  LOCAL(null),
  /** The connection closes once everything before it has been answered. */
  QUIT(null);

  private final @Nullable KeyOperation onKey;

  McOperation(@Nullable KeyOperation onKey) {
    this.onKey = onKey;
  }

  /** Whether it goes to the back end key by key. */
  public boolean isKeyed() {
    return onKey != null;
  }

  /** What is done to its keys. */
  KeyOperation onKey() {
    if (onKey == null) {
      throw new IllegalStateException(this + " has no keys");
    }
    return onKey;
  }

  /** Whether it may change a record. */
  public boolean isWrite() {
    return this == FLUSH_ALL || (onKey != null && onKey.isWrite());
  }

  /** Whether it stores a value sent with the request. */
  public boolean isStore() {
    return onKey != null && onKey.isStore();
  }

  /** Whether it is a counter operation. */
  public boolean isArithmetic() {
    return onKey != null && onKey.isArithmetic();
  }

  /** Whether values found are part of the answer. */
  public boolean isRead() {
    return onKey != null && onKey.isRead();
  }
}
