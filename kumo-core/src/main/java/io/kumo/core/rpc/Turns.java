package io.kumo.core.rpc;

import io.kumo.core.protocol.Limits;
import io.kumo.core.transport.Transport;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Shares the turns of a loop among the connections of an endpoint, so that a burst on one of them
 * holds up neither the others nor the loop's timers.
 *
 * <p>A turn ends with the batch of events that it began in, and before that at {@link
 * Limits#TURN_NS}, {@link Limits#TURN_MESSAGES} or {@link Limits#TURN_BYTES} of answers.
 * Connections that have more to do wait in line; after the loop has looked at its sockets and
 * timers again, the line is served one share each, {@link Limits#SHARE_MESSAGES} messages, round
 * and round. While there is a line, whoever has new messages joins its end.
 *
 * <p>Confined to the loop. Without a line nothing is allocated.
 */
final class Turns {
  /** The clock is asked once for so many messages. */
  private static final int MESSAGES_A_LOOK = 8;

  private final Transport transport;
  private final Flow flow;
  private final Queue<Inflow> line = new ArrayDeque<>();
  private final Runnable serving = this::serve;
  private final Runnable ending = this::end;
  private boolean underWay;
  private boolean overTime;
  private long beganNs;
  private int messages;
  private long bytes;

  Turns(Transport transport, Flow flow) {
    this.transport = transport;
    this.flow = flow;
  }

  /** Whether connections wait in line. */
  boolean hasLine() {
    return !line.isEmpty();
  }

  int waiting() {
    return line.size();
  }

  /** Whether one more message may be handled in this turn. */
  boolean hasRoom() {
    if (!underWay) {
      begin();
    } else if (messages % MESSAGES_A_LOOK == 0) {
      overTime = transport.time().nanoTime() - beganNs >= Limits.TURN_NS;
    }
    return !overTime && messages < Limits.TURN_MESSAGES && bytes < Limits.TURN_BYTES;
  }

  /** A message was handled, and so many bytes of answers were appended. */
  void spent(long answerBytes) {
    messages++;
    bytes += answerBytes;
  }

  /** Puts a connection at the end of the line; it is not in it yet. */
  void join(Inflow connection) {
    line.add(connection);
    if (!underWay) {
      begin();
    }
  }

  private void begin() {
    underWay = true;
    transport.atBatchEnd(ending);
    refill();
  }

  private void refill() {
    beganNs = transport.time().nanoTime();
    overTime = false;
    messages = 0;
    bytes = 0;
  }

  /** Control messages and answers of this batch were not at the expense of the line. */
  private void serve() {
    if (!underWay) {
      begin();
    }
    refill();
    while (!line.isEmpty() && hasRoom()) {
      line.remove().turn();
    }
  }

  private void end() {
    underWay = false;
    if (!line.isEmpty()) {
      flow.cutTurn();
      transport.execute(serving);
    }
  }
}
