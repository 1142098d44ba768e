package io.kumo.server.rebalance;

import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.admin.StatusField;
import io.kumo.core.protocol.extended.GetMoveStatistics;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.protocol.original.ReplaceOffer;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.lifecycle.Watermarks;
import io.kumo.server.store.Store;
import io.kumo.server.transfer.OfferStreams;
import io.kumo.server.transfer.TargetQuestions;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.round.WriteContext;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A server's part in a rebalance: copies when a manager says so, fetches what others offer, and
 * removes what has moved away. A replace is named by the ClockTime of its write hash space.
 *
 * <p>Invariants, on the main loop; the records flow on the stream loop:
 *
 * <ul>
 *   <li>At most one phase runs; whichever starts cancels what was there.
 *   <li>The phase that ended last is kept for whoever asks how far it came.
 * </ul>
 */
public final class Rebalancer {
  /**
   * The records of this server, and what is known about them.
   *
   * @param books what is kept about writes beside the records
   * @param gate holds keys back of which a newer record has come from elsewhere
   */
  public record Records(
      Store store,
      Watermarks watermarks,
      WriteContext.Bookkeeping books,
      KeyGate gate,
      RebalanceRules rules) {}

  private final RebalanceContext context;
  private final OfferStreams streams;
  private final Fetches fetches;
  private final TargetQuestions questions;
  private final PhaseHandlers phases;
  private @Nullable CopyPhase copying;
  private @Nullable CleanupPhase cleaning;

  public Rebalancer(RebalanceContext context) {
    this.context = context;
    this.streams = new OfferStreams(context.streamLoop());
    this.fetches =
        new Fetches(
            context.streamLoop(),
            context.spaces(),
            context.clock(),
            context.records(),
            context.rejoin());
    this.questions = new TargetQuestions(context.endpoint(), context.streamLoop());
    this.phases = new PhaseHandlers(context, this);
    followOrders();
  }

  private void followOrders() {
    context.settings().pace().follow(context.spaces().voted().settings().orders());
  }

  /** Another view is installed. */
  public void viewInstalled() {
    followOrders();
    phases.viewInstalled();
    fetches.viewInstalled();
  }

  /** Sets the handlers; before the endpoint listens. */
  public void register() {
    RpcEndpoint endpoint = context.endpoint();
    phases.register(endpoint);
    endpoint.handle(Method.REPLACE_OFFER, ReplaceOffer.class, fetches::offered);
    endpoint.handle(
        Method.GET_MOVE_STATISTICS,
        GetMoveStatistics.class,
        (message, caller, reply) -> statistics().write(reply.begin()));
    new OwnerHandlers(context.main(), context.spaces(), context.clock(), context.records())
        .register(endpoint);
  }

  /**
   * Opens the stream port. Any thread.
   *
   * @throws IOException if it cannot be bound; the message says which and why
   */
  public void listen() throws IOException {
    streams.listen(context.settings().streamAddress());
  }

  /** Stops what is under way and closes the stream port. */
  public void close() {
    cancel();
    context
        .streamLoop()
        .execute(
            () -> {
              fetches.stop();
              streams.close();
            });
  }

  /** What GetStatus says of the phase: see {@link StatusField}. */
  public int statusFlags() {
    int flags = 0;
    if (isRunning(copying)) {
      flags |= StatusField.COPYING;
    }
    if (isRunning(cleaning)) {
      flags |= StatusField.DELETING;
    }
    return flags;
  }

  /** How far the running phase is, or the last one was. */
  public MoveStatistics statistics() {
    ReplacePhase last = isRunning(copying) || cleaning == null ? copying : cleaning;
    return last == null ? MoveStatistics.NONE : last.statistics();
  }

  private static boolean isRunning(@Nullable ReplacePhase phase) {
    return phase != null && phase.isRunning();
  }

  /** The copy phase that runs, or ended last; null when another kind came after it. */
  @Nullable CopyPhase copying() {
    return copying;
  }

  /** The cleanup phase that runs, or ended last; null when another kind came after it. */
  @Nullable CleanupPhase cleaning() {
    return cleaning;
  }

  /**
   * Starts a copy phase.
   *
   * @param layout the hash space copied for, and the one that says what is where
   */
  void copy(HashSpaces layout, boolean full, Peer director) {
    cancel();
    long replaceTime = layout.write().clockTime();
    CopyPhase phase = new CopyPhase(context, replaceTime, full, director, streams, questions);
    copying = phase;
    phase.start(layout);
    fetches.told(replaceTime);
  }

  /**
   * Starts a cleanup phase.
   *
   * @param former the read hash space before this replace
   */
  void clean(long replaceTime, Peer director, HashSpace former) {
    cancel();
    CleanupPhase phase = new CleanupPhase(context, replaceTime, director, former);
    cleaning = phase;
    phase.start();
  }

  private void cancel() {
    if (copying != null) {
      copying.cancel();
      copying = null;
    }
    if (cleaning != null) {
      cleaning.cancel();
      cleaning = null;
    }
  }
}
