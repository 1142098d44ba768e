package io.kumo.gateway.client;

import io.kumo.gateway.memcached.McCommand;
import org.jspecify.annotations.Nullable;

/**
 * The {@link KeyOrder} of one connection, borrowed from its loop for as long as requests are sent
 * before the last is answered: most connections never need one. Confined to its event loop.
 */
final class PipelineOrder {
  private final ClientLoop clientLoop;
  private final ReplyQueue queue;
  private @Nullable KeyOrder order;

  /**
   * @param queue the commands of the connection
   */
  PipelineOrder(ClientLoop clientLoop, ReplyQueue queue) {
    this.clientLoop = clientLoop;
    this.queue = queue;
  }

  /** Whether the command, which is not in the queue, must wait for one that is. */
  boolean mustWait(McCommand command) {
    if (order == null && !queue.isEmpty()) {
      KeyOrder borrowed = clientLoop.takeOrder();
      for (McCommand c = queue.head(); c != null; c = c.next) {
        if (!c.isCompleted() && runs(c)) {
          borrowed.enter(c);
        }
      }
      order = borrowed;
    }
    return order != null && order.mustWait(command);
  }

  /** The command runs from now on. */
  void enter(McCommand command) {
    if (order != null) {
      order.enter(command);
    }
  }

  /** The command is complete. */
  void leave(McCommand command) {
    if (order != null && runs(command)) {
      order.leave(command);
    }
  }

  /** To be called now and then: gives the order back when nothing is under way. */
  void tidy() {
    if (order != null && queue.isEmpty()) {
      clientLoop.giveBack(order);
      order = null;
    }
  }

  private static boolean runs(McCommand command) {
    return switch (command.operation()) {
      case LOCAL, QUIT, AUTHENTICATE -> false;
      case GET, GET_AND_TOUCH, META_GET, TOUCH, SET, ADD, REPLACE, APPEND -> true;
      case PREPEND, DELETE, INCR, DECR, FLUSH_ALL, STATS, LIST_KEYS -> true;
    };
  }
}
