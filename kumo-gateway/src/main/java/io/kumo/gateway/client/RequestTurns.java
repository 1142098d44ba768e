package io.kumo.gateway.client;

import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.metrics.GatewayHistogram;
import io.kumo.gateway.metrics.GatewayMetric;
import java.util.function.Consumer;

/**
 * Begins one client's requests, in turns: as many as may be under way, and after a share of them
 * others go first. Confined to its event loop.
 */
final class RequestTurns {
  /**
   * The connection.
   *
   * @param owner of the commands
   * @param verify finds out whether the client is who it says; completes the command
   * @param nextTurn run in the next turn of the loop; is to call {@link #next}
   * @param goOn run when the client has taken what it was sent
   */
  record Calls(
      McCommand.CommandOwner owner, Consumer<McCommand> verify, Runnable nextTurn, Runnable goOn) {}

  private final ClientLoop clientLoop;
  private final ClientLink link;
  private final RequestSource requests;
  private final ClientAccount account;
  private final PipelineOrder order;
  private final ReplyQueue queue;
  private final Calls calls;
  private DecodeTurn turn = DecodeTurn.IDLE;
  private long lastRequestNs;

  RequestTurns(
      ClientLoop clientLoop,
      ClientLink link,
      RequestSource requests,
      ClientAccount account,
      PipelineOrder order,
      ReplyQueue queue,
      Calls calls) {
    this.clientLoop = clientLoop;
    this.link = link;
    this.requests = requests;
    this.account = account;
    this.order = order;
    this.queue = queue;
    this.calls = calls;
  }

  /** Bytes have come. */
  void received() {
    lastRequestNs = clientLoop.time().nanoTime();
  }

  /** When bytes last came; to another thread, a moment ago. */
  long lastRequestNs() {
    return lastRequestNs;
  }

  boolean isDecoding() {
    return turn == DecodeTurn.DECODING;
  }

  /** Begins what has arrived and may begin, unless it is doing so or has to let others go first. */
  void decode() {
    if (turn != DecodeTurn.IDLE || link.isClosed()) {
      return;
    }
    turn = DecodeTurn.DECODING;
    account.clearWant();
    boolean yields = false;
    try {
      executePostponed();
      yields = decodeOneTurn();
    } finally {
      turn = yields ? DecodeTurn.YIELDED : DecodeTurn.IDLE;
    }
    afterDecoding();
  }

  /**
   * A client with very many requests lets others go first when it has had its share; returns
   * whether it has, and could go on.
   */
  private boolean decodeOneTurn() {
    int left = clientLoop.limits().maxRequestsPerEvent();
    while (link.isOpen() && mayDecode() && !requests.awaitsLogin()) {
      McCommand command = requests.next();
      if (command == null) {
        return false;
      }
      boolean begins = !order.mustWait(command) && account.mayBegin(command);
      if (!begins || left <= 0) {
        requests.putBack(command);
        return begins;
      }
      left -= Math.max(1, command.request().keys().size());
      start(command);
    }
    return false;
  }

  /** Others had their share: it goes on. */
  void next() {
    turn = DecodeTurn.IDLE;
    decode();
  }

  /** Begins what waits, or has the client send more. */
  void goOn() {
    if (requests.isBlocked() || requests.hasBytes() || queue.postponedHead() != null) {
      decode();
    } else if (link.isOpen() && !account.isWaiting()) {
      link.gate().reopen(requests.isUpload());
    }
  }

  /** Whether nothing is under way, and nothing that has come waits for its turn. */
  boolean hasNothingDue() {
    return queue.isEmpty() && !requests.isBlocked() && mayDecode();
  }

  /** Whether the client has so little under way, and takes so much of it, that more may begin. */
  private boolean mayDecode() {
    ClientLimits limits = clientLoop.limits();
    boolean within =
        queue.isEmpty()
            || (queue.size() < limits.maxCommandsInFlight()
                && queue.chargedBytes() < limits.maxBytesInFlight());
    return within && link.channel().isWritable();
  }

  /** Begins a command, which is answered in its turn. */
  void start(McCommand command) {
    McOperation operation = command.operation();
    account.begin(command);
    command.arrivedNs = lastRequestNs;
    clientLoop.metrics().sizes(GatewayHistogram.PIPELINED).add(queue.size());
    if (command.isDecided() || operation == McOperation.QUIT) {
      queue.add(command);
      command.admit(calls.owner());
      command.complete(command.isDecided() ? command.status() : McStatus.OK);
      return;
    }
    order.enter(command);
    queue.add(command);
    command.admit(calls.owner());
    if (operation == McOperation.AUTHENTICATE) {
      calls.verify().accept(command);
      return;
    }
    clientLoop.executor().execute(command);
  }

  /** What was postponed is asked for when the client has taken all before it. */
  private void executePostponed() {
    McCommand head = queue.postponedHead();
    if (head != null && account.mayExecuteAgain(head)) {
      account.executeAgain(head);
      clientLoop.executor().execute(head);
    }
  }

  /** Gives consumed input back and stops reading from a client that must wait. */
  private void afterDecoding() {
    if (requests.isFinished()) {
      link.beginClosing();
    }
    if (!link.isOpen()) {
      requests.dropBytes();
    }
    requests.tidy(link.channel().alloc());
    countUnfinished();
    boolean open = link.isOpen();
    boolean wantsRoom = !link.isClosed() && account.wantsRoom();
    boolean full = requests.hasBytes() && !mayDecode();
    boolean waits = open && (requests.isBlocked() || wantsRoom || full || requests.awaitsLogin());
    link.gate().readUnless(waits, open && requests.isUpload());
    if (turn == DecodeTurn.YIELDED) {
      clientLoop.metrics().add(GatewayMetric.CONN_YIELDS, 1);
      clientLoop.atNextTurn(calls.nextTurn());
    }
    if (wantsRoom) {
      account.awaitRoom();
    }
    if (account.wantsTaken()) {
      link.replies().whenTaken(calls.goOn());
    }
  }

  /** Charges what has arrived and has not begun. */
  void countUnfinished() {
    account.unfinished(
        requests.heldBytes(), lastRequestNs, requests.isBlocked(), requests.growthBytes());
  }
}
