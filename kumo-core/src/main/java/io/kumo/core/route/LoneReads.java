package io.kumo.core.route;

import io.kumo.core.protocol.Limits;
import java.util.ArrayDeque;

/**
 * Reads whose values did not fit into a shared answer: asked for one by one, and no more at a time
 * than keeps a server busy when all of them are as large as values may be. Only the keys of a
 * command with several have to wait here. Without that bound the gets that one client sends at
 * once, expecting little, would bring gigabytes. Confined to its event loop; bounded by the
 * commands in flight, each of which waits until its deadline.
 */
final class LoneReads {
  private int window;
  private final ArrayDeque<ReadCall> waiting = new ArrayDeque<>();
  private int running;
  private boolean starting;

  /**
   * @param maxValueBytes of one read
   */
  LoneReads(int maxValueBytes) {
    bound(maxValueBytes);
  }

  /** One read brings so much from now on. */
  void bound(int maxValueBytes) {
    window = Math.max(1, Limits.ASKED_BYTES / maxValueBytes);
  }

  /** Has the call make its attempt when its turn comes; it says when that is done. */
  void add(ReadCall call) {
    waiting.add(call);
    startWaiting();
  }

  void done() {
    running--;
    startWaiting();
  }

  /** One that ends at once lets the next one go, in this loop and not within its own call. */
  private void startWaiting() {
    if (starting) {
      return;
    }
    starting = true;
    while (running < window && !waiting.isEmpty()) {
      running++;
      waiting.remove().askAlone();
    }
    starting = false;
  }
}
