package io.kumo.gateway.route;

import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McStatus;

/**
 * The keys of one command with several: all go out at once up to a window, and the command is
 * complete with the last. One key that fails fails the command, for a key that could not be asked
 * for must not look like a miss. Confined to its event loop.
 */
final class KeyBatch {
  /** Keys under way at a time; more would crowd out others at a server. */
  private static final int WINDOW = 4096;

  private final Router router;
  private final McCommand command;
  private final long deadlineNs;
  private McStatus status = McStatus.FETCHED;
  private int next;
  private int running;
  private boolean starting;

  KeyBatch(Router router, McCommand command, long deadlineNs) {
    this.router = router;
    this.command = command;
    this.deadlineNs = deadlineNs;
  }

  void start() {
    starting = true;
    while (next < command.keys().size() && running < WINDOW) {
      running++;
      router.startKey(command, next++, this, deadlineNs);
    }
    starting = false;
    completeWhenDone();
  }

  void finished(McStatus keyStatus) {
    running--;
    if (keyStatus.isError()) {
      status = keyStatus;
    }
    if (starting) {
      return;
    }
    if (next < command.keys().size()) {
      start();
    } else {
      completeWhenDone();
    }
  }

  private void completeWhenDone() {
    if (running == 0 && next == command.keys().size()) {
      command.complete(status);
    }
  }
}
