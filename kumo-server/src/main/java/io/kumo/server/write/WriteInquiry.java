package io.kumo.server.write;

/** What the other replicas were asked before the write is decided. */
enum WriteInquiry {
  /** Nothing yet. */
  NONE,
  /** What they know of its request. */
  REQUEST,
  /** The record, which is damaged here, and with it what they know of the request. */
  RECORD
}
