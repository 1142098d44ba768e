package io.kumo.gateway.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.gateway.budget.Holding;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.metrics.GatewayMetric;
import io.netty.buffer.Unpooled;

/**
 * How one client gives up what it makes the gateway hold, when others need the room: the value that
 * is arriving, or the connection when its client does not read. Confined to its event loop.
 */
final class GivingUp {
  private static final byte[] NO_ROOM =
      "SERVER_ERROR out of memory reading request\r\n".getBytes(US_ASCII);

  private final ClientLoop clientLoop;
  private final ClientLink link;
  private final RequestSource requests;
  private final ClientAccount account;
  private final ReplyQueue queue;
  private final RequestTurns turns;
  private final ClientBatch batchEnd;

  GivingUp(
      ClientLoop clientLoop,
      ClientLink link,
      RequestSource requests,
      ClientAccount account,
      ReplyQueue queue,
      RequestTurns turns,
      ClientBatch batchEnd) {
    this.clientLoop = clientLoop;
    this.link = link;
    this.requests = requests;
    this.account = account;
    this.queue = queue;
    this.turns = turns;
    this.batchEnd = batchEnd;
  }

  void giveUp() {
    if (!link.isOpen() || turns.isDecoding()) {
      return;
    }
    Holding held = account.holding();
    McCommand refused = held.unreadBytes() > held.unfinishedBytes() ? null : requests.refuseStore();
    if (refused == null) {
      leave();
      return;
    }
    clientLoop.metrics().add(GatewayMetric.UPLOADS_GIVEN_UP, 1);
    turns.start(refused);
    turns.countUnfinished();
    batchEnd.schedule();
  }

  private void leave() {
    clientLoop.metrics().add(GatewayMetric.MEMORY_KICKS, 1);
    boolean told = queue.isEmpty() && requests.speaksLines();
    link.beginClosing();
    requests.dropBytes();
    if (told && account.holding().unreadBytes() == 0) {
      link.replies().write(Unpooled.wrappedBuffer(NO_ROOM));
      link.closeWhenFlushed();
    } else {
      link.close();
    }
    account.holdNothing();
  }
}
