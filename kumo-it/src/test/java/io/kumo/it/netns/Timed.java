package io.kumo.it.netns;

import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.OpOutcome;

/**
 * An operation, when it was called, and when it was answered; both as {@link System#nanoTime}.
 *
 * @param gateway that it was given to
 */
record Timed(ClientOp op, String gateway, long calledNs, long answeredNs) {
  boolean isServed() {
    return op.outcome() != OpOutcome.UNKNOWN;
  }
}
