package io.kumo.core.route;

import io.kumo.core.protocol.Limits;
import io.kumo.core.route.request.KeyCommand;
import io.kumo.core.route.request.KeyOperation;
import io.kumo.core.route.request.KeyStatus;

/**
 * The keys of one command with several: all go out at once up to a window, and the command is
 * complete with the last. One key that fails fails the command, for a key that could not be asked
 * for must not look like a miss. Confined to its event loop.
 */
final class KeyBatch {
  /** Keys under way at a time; more would crowd out others at a server. */
  private static final int WINDOW = 4096;

  private static final int LEAST_BYTES = 256;

  /** Keys that the expectation weighs as much as. */
  private static final int PRIOR_KEYS = 8;

  private final Router router;
  private final KeyCommand command;
  private final long deadlineNs;
  private KeyStatus status = KeyStatus.FETCHED;
  private int next;
  private int running;
  private boolean starting;

  KeyBatch(Router router, KeyCommand command, long deadlineNs) {
    this.router = router;
    this.command = command;
    this.deadlineNs = deadlineNs;
  }

  void start() {
    starting = true;
    int window = window();
    while (next < command.request().keys().size() && running < window) {
      running++;
      router.startKey(command, next++, this, deadlineNs);
    }
    starting = false;
    completeWhenDone();
  }

  /** Begins with what values are expected to take, and learns with each key that is done. */
  private int window() {
    if (!command.request().operation().isRead()) {
      return WINDOW;
    }
    int done = next - running;
    long known =
        command.outcome().foundBytes() + (long) PRIOR_KEYS * command.request().expectedBytes();
    long each = Math.max(LEAST_BYTES, known / (done + PRIOR_KEYS));
    return (int) Math.max(1, Math.min(WINDOW, Limits.ASKED_BYTES / each));
  }

  void finished(KeyStatus keyStatus) {
    running--;
    if (keyStatus.isError()) {
      status = keyStatus;
    }
    if (command.request().operation() == KeyOperation.GET
        && (status.isError() || command.isAbandoned())) {
      // Nobody will see the other values.
      next = command.request().keys().size();
    }
    if (starting) {
      return;
    }
    if (next < command.request().keys().size()) {
      start();
    } else {
      completeWhenDone();
    }
  }

  private void completeWhenDone() {
    if (running == 0 && next == command.request().keys().size()) {
      command.complete(status);
    }
  }
}
