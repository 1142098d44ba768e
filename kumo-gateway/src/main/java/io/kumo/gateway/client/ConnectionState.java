package io.kumo.gateway.client;

/** The life of a client's connection. */
enum ConnectionState {
  /** Requests are taken and answered. */
  OPEN,
  /** No more requests are taken; it closes when the replies that are due have been sent. */
  CLOSING,
  /** Gone; what is under way is dropped when it completes. */
  CLOSED
}
