package io.kumo.core.net;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.SelectStrategy;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.IntSupplier;
import io.netty.util.concurrent.ThreadAwareExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Epoll that looks for ready sockets for a while before it blocks.
 *
 * <p>Where an idle processor is halted, as on virtual machines, to block and be woken takes 10 to
 * 20 microseconds, more than all else that a request costs a process; and whoever has just sent a
 * request or an answer is likely to receive the next thing within the time of a few of these. At
 * every turn of its polling the loop offers the processor to whoever else wants it, and it blocks
 * as soon as there are tasks or timers that are due. {@link BusyPollBudget} says when it is worth
 * while.
 *
 * <p>Confined to its event loop, but for {@link #wakeup}.
 */
final class BusyPollingIo implements IoHandler {
  private final IoHandler epoll;
  private final BusyPollBudget budget;
  private @Nullable IoHandlerContext context;

  BusyPollingIo(ThreadAwareExecutor executor, BusyPollBudget budget) {
    this.budget = budget;
    this.epoll = EpollIoHandler.newFactory(0, () -> this::look).newHandler(executor);
  }

  /** A {@link SelectStrategy}. */
  private int look(IntSupplier selectNow, boolean hasTasks) throws Exception {
    if (hasTasks) {
      return selectNow.get();
    }
    if (!budget.begin()) {
      return SelectStrategy.SELECT;
    }
    do {
      int ready = selectNow.get();
      if (ready > 0) {
        budget.succeeded();
        return ready;
      }
      if (mayNotBlock()) {
        return 0;
      }
      offerProcessor();
    } while (budget.goesOn());
    return SelectStrategy.SELECT;
  }

  private boolean mayNotBlock() {
    return context != null && !context.canBlock();
  }

  @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it: who yields asks again afterwards
  private static void offerProcessor() {
    Thread.yield();
  }

  @Override
  public int run(IoHandlerContext current) {
    context = current;
    return epoll.run(current);
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public void prepareToDestroy() {
    epoll.prepareToDestroy();
  }

  @Override
  public void destroy() {
    epoll.destroy();
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return epoll.register(handle);
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return epoll.isCompatible(handleType);
  }
}
