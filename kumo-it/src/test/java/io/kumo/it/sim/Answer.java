package io.kumo.it.sim;

import io.kumo.it.sim.history.OpOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway answers to one operation.
 *
 * @param value found or counted; null otherwise
 * @param token CAS that came with it; 0 for none
 */
public record Answer(OpOutcome outcome, @Nullable String value, long token) {
  public static Answer of(OpOutcome outcome) {
    return new Answer(outcome, null, 0);
  }
}
