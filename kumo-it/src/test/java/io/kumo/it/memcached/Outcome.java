package io.kumo.it.memcached;

/** What became of a command, whatever the protocol calls it. */
enum Outcome {
  /** Stored, deleted, touched, or whatever was asked. */
  DONE,
  NOT_STORED,
  EXISTS,
  NOT_FOUND,
  NON_NUMERIC,
  TOO_LARGE,
  /** The line or message makes no sense; nothing was done. */
  BAD_REQUEST,
  UNKNOWN_COMMAND
}
