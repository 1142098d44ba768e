package io.kumo.core.rpc;

import io.kumo.core.protocol.Limits;
import io.kumo.core.transport.Link;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * When what one connection has received is handled: at once, when its turn comes, or when the other
 * end has taken the answers before it.
 *
 * <p>Invariants, all on the loop:
 *
 * <ul>
 *   <li>A connection is in the line of {@link Turns} exactly while it is {@link
 *       InflowState#WAITING}.
 *   <li>A client is given no further answer while more than {@link Limits#MAX_UNSENT_ANSWER_BYTES}
 *       wait for it to take them: its requests stay where they are, and it is not read from. So
 *       what a client costs that does not read is that much and one answer. Nodes are served on,
 *       since both ends might wait for each other; they have a bound of their own.
 *   <li>Control messages never wait: what managers send and are sent is handled as it is read.
 * </ul>
 */
final class Inflow {
  private enum InflowState {
    /** What comes is handled at once. */
    FLOWING,
    /** For a turn. */
    WAITING,
    /** For the other end to take its answers. */
    PARKED,
    /** The connection is gone. */
    CLOSED
  }

  private final RpcConnection connection;
  private final Link link;
  private final Turns turns;
  private final Flow flow;
  private final InputAge age = new InputAge();
  private @Nullable Queue<Runnable> answers;
  private InflowState state = InflowState.FLOWING;
  private boolean reading = true;
  private boolean inTurn;
  private int share;
  private int heldBytes;
  private long unsentBytes;
  private long sinceNs;
  private long takenNs;
  private long takenBytes;

  Inflow(RpcConnection connection, Link link, Turns turns, Flow flow, long nowNs) {
    this.connection = connection;
    this.link = link;
    this.turns = turns;
    this.flow = flow;
    this.takenNs = nowNs;
  }

  /**
   * Takes note of what has come, and has it handled unless it has to wait.
   *
   * @param in borrowed: all that is received and not handled
   */
  void received(ByteBuf in, long nowNs) {
    if (!inTurn) {
      age.received(in.readableBytes() - heldBytes, nowNs);
      if (state == InflowState.FLOWING && turns.hasLine() && !connection.isControl()) {
        join();
      }
    }
    if (state == InflowState.FLOWING) {
      count();
      connection.handle(in);
    }
    hold(in.readableBytes());
  }

  /** Whether the next message is handled now; else this connection waits from here on. */
  boolean takesMore(ByteBuf in) {
    if (state != InflowState.FLOWING || !link.isOpen()) {
      return false;
    }
    if (!connection.isControl()) {
      if (isCongested()) {
        park();
        return false;
      }
      boolean shareOver = inTurn && share <= 0 && turns.hasLine();
      if (shareOver || !turns.hasRoom()) {
        join();
        return false;
      }
    }
    sinceNs = age.nextSinceNs(in.readableBytes());
    return true;
  }

  /** When the message being handled had been received. */
  long sinceNs() {
    return sinceNs;
  }

  /** Whether the message being handled has waited for a turn. */
  boolean hasWaited() {
    return inTurn;
  }

  /** A message was handled. */
  void handled() {
    long before = unsentBytes;
    count();
    share--;
    turns.spent(Math.max(0, unsentBytes - before));
  }

  /** Its turn has come. */
  void turn() {
    if (state != InflowState.WAITING) {
      return;
    }
    state = InflowState.FLOWING;
    share = Limits.SHARE_MESSAGES;
    inTurn = true;
    try {
      giveAnswers();
      link.redeliver();
    } finally {
      inTurn = false;
    }
  }

  private void giveAnswers() {
    count();
    while (answers != null && state == InflowState.FLOWING) {
      if (isCongested()) {
        park();
      } else if (share <= 0 || !turns.hasRoom()) {
        join();
      } else {
        Runnable answer = answers.remove();
        answers = answers.isEmpty() ? null : answers;
        answer.run();
        handled();
      }
    }
  }

  /** Runs what appends a great answer; later when the other end has too many to take. */
  void whenTaken(Runnable answer) {
    count();
    if (answers == null && (state == InflowState.CLOSED || !isCongested())) {
      answer.run();
      return;
    }
    if (answers == null) {
      answers = new ArrayDeque<>();
    }
    answers.add(answer);
    if (state == InflowState.FLOWING) {
      park();
    }
  }

  /** The other end may have taken answers. */
  void resume() {
    count();
    if (state == InflowState.PARKED && !isCongested()) {
      join();
    }
  }

  /** To be called now and then; false when the other end has taken nothing for too long. */
  boolean check(long nowNs) {
    resume();
    long taken = link.takenBytes();
    if (unsentBytes <= Limits.MAX_UNSENT_ANSWER_BYTES || taken > takenBytes) {
      takenNs = nowNs;
    }
    takenBytes = taken;
    return nowNs - takenNs < Limits.STALLED_NS;
  }

  void closed() {
    state = InflowState.CLOSED;
    answers = null;
    flow.unsent(-unsentBytes);
    unsentBytes = 0;
    hold(0);
  }

  private void join() {
    state = InflowState.WAITING;
    turns.join(this);
  }

  private void park() {
    state = InflowState.PARKED;
    flow.parked();
  }

  private boolean isCongested() {
    return connection.isClient()
        && (unsentBytes > Limits.MAX_UNSENT_ANSWER_BYTES || flow.isFull(unsentBytes));
  }

  /** As counted last. */
  long unsentBytes() {
    return unsentBytes;
  }

  /** Brings the sums up to date and returns what this connection has unsent. */
  long count() {
    if (state != InflowState.CLOSED) {
      long now = link.pendingBytes();
      flow.unsent(now - unsentBytes);
      unsentBytes = now;
    }
    return unsentBytes;
  }

  private void hold(int left) {
    int bytes = state == InflowState.CLOSED ? 0 : left;
    flow.held(bytes - heldBytes);
    heldBytes = bytes;
    boolean read =
        switch (state) {
          case FLOWING -> true;
          case WAITING -> bytes < Limits.MAX_WAITING_INPUT_BYTES;
          case PARKED, CLOSED -> false;
        };
    if (read != reading && state != InflowState.CLOSED) {
      reading = read;
      link.setReading(read);
    }
  }
}
