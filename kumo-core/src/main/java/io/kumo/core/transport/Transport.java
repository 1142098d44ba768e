package io.kumo.core.transport;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.guard.Guard;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What decisions use of the outside world: one event loop, its timers, and links to other
 * processes.
 *
 * <p>Everything that differs between a real process and a simulated one is behind this interface.
 * Unless said otherwise methods are called on the loop and callbacks come on it, each within {@link
 * #guard}: what one throws is logged and counted, and nothing else hears of it.
 */
public interface Transport extends Executor {
  TimeSource time();

  /** The process's own; any thread. */
  Guard guard();

  /**
   * What the links of this loop together may hold of bytes that the network has not taken, before
   * only those that hold none are given more; any thread.
   */
  long maxUnsentBytes();

  /** Returns an empty buffer for bytes that wait for a link; it ends with the process. */
  ByteBuf buffer();

  /** Whether this thread now runs something of this loop. */
  boolean inLoop();

  /** Runs the task on the loop. May be called from any thread. */
  @Override
  void execute(Runnable task);

  /**
   * Runs the task once the loop has looked at its links and timers again: for what goes on and on,
   * a piece at a time. What asks for itself again by {@link #execute} may go on for a while before
   * anybody else has a turn.
   */
  void atNextTurn(Runnable task);

  /** Runs the task on the loop after {@code delayNs}. May be called from any thread. */
  Cancellable schedule(long delayNs, Runnable task);

  /**
   * Runs the task on the loop every {@code periodNs}, the first time after one period, until it is
   * cancelled. A task that throws is run again all the same. May be called from any thread.
   *
   * @param what is repeated, for log lines
   */
  default Cancellable repeat(long periodNs, String what, Runnable task) {
    return Repeating.start(this, periodNs, what, task);
  }

  /** How its links are protected, in a word: {@code open} for not at all. Any thread. */
  default String protection() {
    return "open";
  }

  /**
   * Runs the task once, when the batch of events being handled now is done. Replies gathered during
   * a batch leave together this way.
   */
  void atBatchEnd(Runnable task);

  /**
   * Opens a link. The listener hears {@code opened} or {@code connectFailed}, never within this
   * call.
   */
  void connect(NodeAddress remote, long timeoutNs, LinkListener listener);

  /**
   * Accepts links on {@code local}; each gets a listener of its own. Called from any thread;
   * returns when the address is bound.
   *
   * @throws IOException when the address cannot be bound; the message says which and why
   */
  Listening listen(NodeAddress local, Supplier<LinkListener> listeners) throws IOException;
}
