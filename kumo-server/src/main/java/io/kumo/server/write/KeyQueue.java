package io.kumo.server.write;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The writes of one hash in the order of their arrival; only the head is ever under way. Main loop
 * only.
 */
final class KeyQueue {
  private final ArrayDeque<PendingWrite> waiting = new ArrayDeque<>(2);
  private List<Runnable> readers = List.of();
  private @Nullable PendingWrite head;
  private boolean draining;

  void add(PendingWrite write) {
    waiting.add(write);
  }

  /** False when somebody further up the stack already starts the writes of this queue. */
  boolean enterDrain() {
    boolean entered = !draining;
    draining = true;
    return entered;
  }

  void leaveDrain() {
    draining = false;
  }

  /** The next write, which becomes the head; null while there is a head, or nothing waits. */
  @Nullable PendingWrite takeTurn() {
    if (head != null) {
      return null;
    }
    head = waiting.poll();
    return head;
  }

  /** The write needs the key no longer, be it the head or still waiting. */
  void release(PendingWrite write) {
    if (head == write) {
      head = null;
    } else {
      waiting.remove(write);
    }
  }

  /** Has it run when the head is over; see {@link #takeReaders}. */
  void addReader(Runnable reader) {
    if (readers.isEmpty()) {
      readers = new ArrayList<>();
    }
    readers.add(reader);
  }

  int readers() {
    return readers.size();
  }

  /** Gives the readers away, each once. */
  List<Runnable> takeReaders() {
    List<Runnable> taken = readers;
    readers = List.of();
    return taken;
  }

  @Nullable PendingWrite head() {
    return head;
  }

  Iterable<PendingWrite> waiting() {
    return waiting;
  }

  int size() {
    return waiting.size() + (head == null ? 0 : 1);
  }

  boolean isEmpty() {
    return head == null && waiting.isEmpty();
  }
}
