package io.kumo.it.chaos;

import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.History;
import io.kumo.it.sim.history.OpKind;
import io.kumo.it.sim.history.OpOutcome;
import org.jspecify.annotations.Nullable;

/** The history of one round, written by many threads. */
public final class Log {
  /** What a client was answered. */
  public record Answer(OpOutcome outcome, @Nullable String value, long token) {
    public static Answer of(OpOutcome outcome) {
      return new Answer(outcome, null, 0);
    }
  }

  private final History history = new History();

  public synchronized ClientOp call(
      int client, OpKind kind, String key, String argument, long compare) {
    return history.call(client, kind, key, argument, compare);
  }

  /** An operation of unknown outcome stays open. */
  public synchronized void answer(ClientOp op, Answer answer) {
    if (answer.outcome() != OpOutcome.UNKNOWN) {
      history.answer(op, answer.outcome(), answer.value(), answer.token());
    }
  }

  /** Once nobody writes any more. */
  public History history() {
    return history;
  }
}
