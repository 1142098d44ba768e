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
  private final Long key;
  private @Nullable PendingWrite next;

  /** Those behind the next; null while there never were any, as for nearly all keys. */
  private @Nullable ArrayDeque<PendingWrite> others;

  private List<Runnable> readers = List.of();
  private @Nullable PendingWrite head;
  private boolean draining;

  /**
   * @param key by which it is found
   */
  KeyQueue(Long key) {
    this.key = key;
  }

  Long key() {
    return key;
  }

  void add(PendingWrite write) {
    if (next == null) {
      next = write;
      return;
    }
    if (others == null) {
      others = new ArrayDeque<>(2);
    }
    others.add(write);
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
    head = next;
    next = others == null ? null : others.poll();
    return head;
  }

  /** The write needs the key no longer, be it the head or still waiting. */
  void release(PendingWrite write) {
    if (head == write) {
      head = null;
    } else if (next == write) {
      next = others == null ? null : others.poll();
    } else if (others != null) {
      others.remove(write);
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

  /** The head first, then those that wait. */
  void addAllTo(List<PendingWrite> list) {
    if (head != null) {
      list.add(head);
    }
    if (next != null) {
      list.add(next);
    }
    if (others != null) {
      list.addAll(others);
    }
  }

  int size() {
    return (head == null ? 0 : 1) + (next == null ? 0 : 1) + (others == null ? 0 : others.size());
  }

  boolean isEmpty() {
    return head == null && next == null;
  }
}
