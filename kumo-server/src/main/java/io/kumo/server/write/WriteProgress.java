package io.kumo.server.write;

/** Is told how a write goes on, each at most once, in this order. */
interface WriteProgress {
  /** The record that it would change is damaged here; it is to start again once it is repaired. */
  void damaged(PendingWrite write);

  /** The next write of the key may start. */
  void keyReleased(PendingWrite write);

  /** It is stored and not durable yet; only its deadline can end it now. */
  void awaitsDisk(PendingWrite write);

  /** It was answered, and holds nothing any more. */
  void ended(PendingWrite write);
}
