package io.kumo.server.store;

import org.jspecify.annotations.Nullable;

/** A store could not do what was asked; the message says what, where and what to do. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The kinds of failure. */
  public enum Code {
    /** The store is closed or closing. */
    CLOSED,
    /**
     * Checkpoints, log segments or the growth of a file are behind; nothing was changed, and the
     * same call succeeds in a moment.
     */
    BUSY,
    /** Too little room on the disk; reads and deletes go on, writes will when there is room. */
    DISK_FULL,
    /** The index of the records may take no more memory; all but new keys goes on. */
    MEMORY_FULL,
    /** The disk or the operating system failed; the store takes no more writes. */
    IO,
    /** A checksum does not match; the record is not served and should be fetched from a replica. */
    CORRUPT,
    /** Another process has the directory. */
    LOCKED,
    /** The path holds something that is not this server's store. */
    FOREIGN,
    /** A key or value is too short or too long to be one. */
    BAD_RECORD,
  }

  private final Code code;

  /** A failure without a cause. */
  public StoreException(Code code, String message) {
    this(code, message, null);
  }

  /** A failure and what led to it. */
  public StoreException(Code code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The kind of failure. */
  public Code code() {
    return code;
  }
}
