package io.kumo.core.voter;

import io.kumo.core.vote.VoteState;
import io.kumo.core.vote.VoteWriter;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What waits until a vote is durable, in order. Confined to the loop.
 *
 * <p>Invariant: what is done here is done after every state that was given before it is durable. So
 * an answer that repeats another one, and changes nothing by itself, is not given before it either.
 */
final class SavedAnswers {
  /** Managers ask again several times in a lease; more than these wait only while a disk fails. */
  static final int MAX_WAITING = 256;

  private record Waiting(long number, Runnable answer) {}

  private final VoteWriter writer;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long given;
  private long durable;

  SavedAnswers(VoteWriter writer) {
    this.writer = writer;
  }

  /** Has a state kept. */
  void save(VoteState state) {
    long number = ++given;
    writer.save(state, () -> saved(number));
  }

  /**
   * Runs the answer when all that was given is durable, at once if it is. When too many wait it is
   * dropped, and will be asked for again.
   */
  void whenSaved(Runnable answer) {
    if (durable == given) {
      answer.run();
    } else if (waiting.size() < MAX_WAITING) {
      waiting.add(new Waiting(given, answer));
    }
  }

  /** The same for what must not be dropped: there are never more of these than views. */
  void alwaysWhenSaved(Runnable task) {
    if (durable == given) {
      task.run();
    } else {
      waiting.add(new Waiting(given, task));
    }
  }

  private void saved(long number) {
    durable = Math.max(durable, number);
    while (!waiting.isEmpty() && waiting.element().number() <= durable) {
      waiting.remove().answer().run();
    }
  }
}
