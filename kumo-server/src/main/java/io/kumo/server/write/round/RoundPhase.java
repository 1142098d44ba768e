package io.kumo.server.write.round;

/**
 * Where a round is; it moves down this list, but for {@link ReplicationRound#update} while COMMIT
 * waits.
 */
enum RoundPhase {
  /** Every other replica is asked what it has, until it answers or the round is cancelled. */
  ASK,
  /** Every other replica is sent the record, so often as the limits allow. */
  PROPAGATE,
  /** Every other replica has the record; it is stored here as soon as the store is not busy. */
  COMMIT,
  /** Ended. */
  OVER
}
