package io.kumo.core.net;

import io.kumo.core.protocol.Limits;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Event loops that close all their channels before they end, and look at them again while tasks
 * give rise to tasks. Thread-safe.
 */
final class OrderlyLoops extends MultiThreadIoEventLoopGroup {
  OrderlyLoops(int count, ThreadFactory threads, IoHandlerFactory handlers) {
    super(count, threads, handlers);
  }

  @Override
  protected IoEventLoop newChild(
      Executor executor, IoHandlerFactory handlers, Object... arguments) {
    return new OrderlyLoop(this, executor, handlers);
  }

  /**
   * Netty's own closes its channels if it has been told to end, then runs its tasks, then ends if
   * it has been told to. When it is told in between it ends without closing them: they stay open,
   * nobody hears that they are no more, and what they hold is never released.
   *
   * <p>Tasks that others give rise to are run for a second before sockets and timers have a turn,
   * unless it is told to do so for less; it looks at the clock once for 64 tasks.
   */
  private static final class OrderlyLoop extends SingleThreadIoEventLoop {
    OrderlyLoop(IoEventLoopGroup group, Executor executor, IoHandlerFactory handlers) {
      super(
          group,
          executor,
          handlers,
          DEFAULT_MAX_PENDING_TASKS,
          RejectedExecutionHandlers.reject(),
          TimeUnit.NANOSECONDS.toMillis(Limits.TURN_NS));
    }

    @Override
    protected boolean confirmShutdown() {
      if (isShuttingDown() && !isShutdown()) {
        ioHandler().prepareToDestroy();
      }
      return super.confirmShutdown();
    }
  }
}
