package io.kumo.tools.ctl.change;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.admin.GetRebalance;
import io.kumo.core.protocol.admin.RebalanceState;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.ToolOptions;
import io.kumo.tools.ctl.command.Introduction;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Gives an order that starts a rebalance, and follows that until it ends. A manager that goes away
 * meanwhile is tried again for as long as an answer may take: its partner, or its next process,
 * takes the rebalance up.
 */
final class RebalanceWatch {
  private static final long POLL_NS = Duration.ofMillis(100).toNanos();

  /** Tells what an order came to, which has been answered. */
  @FunctionalInterface
  interface Told {
    /** False when it has changed nothing. */
    boolean changed();
  }

  private final ToolOptions options;
  private final InetSocketAddress manager;
  private final RebalanceProgress view;
  private final TimeSource time;
  private @Nullable RpcClient client;
  private long answeredNs;

  RebalanceWatch(
      ToolOptions options, InetSocketAddress manager, RebalanceProgress view, TimeSource time) {
    this.options = options;
    this.manager = manager;
    this.view = view;
    this.time = time;
    this.answeredNs = time.nanoTime();
  }

  /**
   * Returns when the rebalance has ended in any way.
   *
   * @param who for the history
   * @param told run when the order has been answered; false when it has changed nothing
   */
  ExitStatus run(Introduction who, Message order, Printer printer, Told told) {
    try {
      RebalanceState before = connected().call(new GetRebalance(), RebalanceState::read);
      long startNs = time.nanoTime();
      who.give(connected());
      printer.result(connected().call(order, RpcClient::nilOrBool));
      boolean changed = told.changed();
      RebalanceState last = follow(before);
      view.ended(last, startNs);
      ExitStatus outcome = outcome(last, before);
      boolean nothing = !changed && last.copied().moved() == 0;
      return nothing ? ExitStatus.NOT_AS_IT_SHOULD_BE : outcome;
    } finally {
      disconnect();
    }
  }

  private RebalanceState follow(RebalanceState before) {
    while (true) {
      RebalanceState state = ask();
      if (state != null && state.phase() == RebalanceState.IDLE && isKnown(state, before)) {
        return state;
      }
      if (state != null && state.phase() != RebalanceState.IDLE) {
        view.show(state);
      }
      LockSupport.parkNanos(POLL_NS);
    }
  }

  /** A manager that has just started tells of no rebalance until it has heard from the servers. */
  private boolean isKnown(RebalanceState state, RebalanceState before) {
    boolean older = Long.compareUnsigned(state.replaceTime(), before.replaceTime()) < 0;
    boolean forgotten = older || (state.replaceTime() == 0 && view.wasShown());
    if (forgotten && isOverdue()) {
      throw CliException.failed("the manager does not know of the rebalance any more");
    }
    return !forgotten;
  }

  /** Null while there is no answer. */
  private @Nullable RebalanceState ask() {
    try {
      RebalanceState state = connected().call(new GetRebalance(), RebalanceState::read);
      if (state.replaceTime() != 0) {
        answeredNs = time.nanoTime();
      }
      return state;
    } catch (CliException e) {
      disconnect();
      if (isOverdue()) {
        throw new CliException(
            ExitStatus.FAILED, e.getMessage() + "; the rebalance may go on without a witness", e);
      }
      return null;
    }
  }

  private boolean isOverdue() {
    return time.nanoTime() - answeredNs > options.timeout().toNanos();
  }

  private static ExitStatus outcome(RebalanceState last, RebalanceState before) {
    if (last.replaceTime() == before.replaceTime()) {
      throw new CliException(
          ExitStatus.NOT_AS_IT_SHOULD_BE, "no rebalance was started: no server is attached");
    }
    if (last.outcome() == RebalanceState.CANCELLED) {
      throw CliException.failed("the rebalance was cancelled: the former layout is back");
    }
    if (last.outcome() != RebalanceState.FINISHED) {
      throw CliException.failed(
          "the rebalance was given up, as servers made no progress; the manager will try again");
    }
    return ExitStatus.DONE;
  }

  private RpcClient connected() {
    if (client == null) {
      client = options.connect(manager);
    }
    return client;
  }

  private void disconnect() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
