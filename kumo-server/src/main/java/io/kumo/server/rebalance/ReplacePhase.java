package io.kumo.server.rebalance;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.protocol.original.ReplaceEnd;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.netty.buffer.ByteBuf;
import java.time.Duration;

/**
 * A phase of a replace that is under way here, or the one of its kind that ended last. Its director
 * is told of the end until it has heard it. Confined to the main loop.
 */
abstract class ReplacePhase {
  /** The life of a phase; it only moves down this list. */
  private enum PhaseState {
    /** Records are being moved. */
    RUNNING,
    /** All is done; the director is told, and told again when it asks for the same once more. */
    ENDED,
    /** Another phase, or the end of the process, took its place. */
    CANCELLED
  }

  private static final long CALL_TIMEOUT_NS = Duration.ofSeconds(10).toNanos();
  private static final long TELL_AGAIN_NS = Duration.ofSeconds(1).toNanos();
  private static final int MAX_TELLS = 600;

  final RebalanceContext context;
  final long replaceTime;
  private Peer director;
  private PhaseState state = PhaseState.RUNNING;

  /**
   * @param replaceTime names the replace: the ClockTime of its write hash space
   */
  ReplacePhase(RebalanceContext context, long replaceTime, Peer director) {
    this.context = context;
    this.replaceTime = replaceTime;
    this.director = director;
  }

  abstract MoveStatistics statistics();

  /** What the director is told at the end, as of now. */
  abstract ReplaceEnd endMessage();

  /** Stops the work; on the main loop. */
  abstract void stop();

  Peer director() {
    return director;
  }

  boolean isRunning() {
    return state == PhaseState.RUNNING;
  }

  final void cancel() {
    state = PhaseState.CANCELLED;
    stop();
  }

  /** Told to start what runs already, or has ended: by this director, who hears of the end. */
  final void startedAgain(Peer by) {
    director = by;
    if (state == PhaseState.ENDED) {
      tellEnd(0);
    }
  }

  /** All is done. */
  final void end() {
    state = PhaseState.ENDED;
    tellEnd(0);
  }

  private void tellEnd(int attempt) {
    director.call(
        endMessage(),
        CALL_TIMEOUT_NS,
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {}

          @Override
          public void error(ErrorCode code, String detail) {
            if (state != PhaseState.CANCELLED && attempt < MAX_TELLS) {
              context.main().schedule(TELL_AGAIN_NS, () -> tellEnd(attempt + 1));
            }
          }
        });
  }
}
