package io.kumo.gateway.client;

import io.kumo.gateway.memcached.McCommand;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one connection that have not been answered, in the order in which they came.
 *
 * <p>Invariants: commands complete in any order, replies are encoded in request order; a command is
 * recycled exactly once, after its reply was encoded or, when the connection is gone, after it was
 * completed. Confined to its event loop.
 */
public final class ReplyQueue {
  private @Nullable McCommand head;
  private @Nullable McCommand tail;
  private int size;
  private long chargedBytes;

  void add(McCommand command) {
    chargedBytes += command.chargedBytes;
    if (tail == null) {
      head = command;
    } else {
      tail.next = command;
    }
    tail = command;
    size++;
  }

  /** Counts a command as holding {@code bytes} from now on. */
  void charge(McCommand command, long bytes) {
    chargedBytes += bytes - command.chargedBytes;
    command.chargedBytes = bytes;
  }

  boolean isHead(McCommand command) {
    return head == command;
  }

  /** The oldest command, when it is complete. */
  @Nullable McCommand completedHead() {
    return head != null && head.isCompleted() ? head : null;
  }

  /** The oldest command, when it waits to be executed again. */
  @Nullable McCommand postponedHead() {
    return head != null && head.postponed ? head : null;
  }

  @Nullable McCommand head() {
    return head;
  }

  /** Takes the oldest command out. */
  void removeHead() {
    McCommand first = head;
    if (first == null) {
      throw new IllegalStateException("the queue is empty");
    }
    head = first.next;
    if (head == null) {
      tail = null;
    }
    size--;
    chargedBytes -= first.chargedBytes;
    first.next = null;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return head == null;
  }

  /** Bytes that the commands in the queue hold, or are expected to hold. */
  long chargedBytes() {
    return chargedBytes;
  }
}
