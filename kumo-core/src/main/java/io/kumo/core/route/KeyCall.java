package io.kumo.core.route;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.route.request.KeyCommand;
import io.kumo.core.route.request.KeyList;
import io.kumo.core.route.request.KeyStatus;
import io.kumo.core.rpc.ReplyHandler;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One key of one command on its way through as many attempts as it takes. It is the message and the
 * reply handler of its own calls, and is reused, so that a call costs no allocation here.
 *
 * <p>Invariant: at most one call of it is under way. Confined to its event loop.
 */
abstract class KeyCall implements Message, ReplyHandler {
  private static final int WAITS_WHEN_WOKEN = 1;

  private final Router router;
  private @Nullable KeyCommand command;
  private @Nullable KeyBatch batch;
  private int index;
  private long deadlineNs;
  private int attempts;
  private int waits;
  private int lastErrorId;

  KeyCall(Router router) {
    this.router = router;
  }

  /**
   * Begins.
   *
   * @param newBatch told of the outcome instead of the command, when there are more keys
   */
  final void start(
      KeyCommand newCommand, int newIndex, @Nullable KeyBatch newBatch, long newDeadlineNs) {
    command = newCommand;
    index = newIndex;
    batch = newBatch;
    deadlineNs = newDeadlineNs;
    attempts = 0;
    waits = 0;
    lastErrorId = 0;
    prepare();
    attempt();
  }

  /** Sets up what a subclass keeps per key. */
  abstract void prepare();

  /** Sends the next request, or ends the command. */
  abstract void attempt();

  /** What is answered when all attempts have failed. */
  abstract KeyStatus failure();

  /** Attempts allowed. */
  abstract int maxAttempts();

  final Router router() {
    return router;
  }

  final KeyCommand command() {
    return Objects.requireNonNull(command, "not started");
  }

  final int index() {
    return index;
  }

  final long deadlineNs() {
    return deadlineNs;
  }

  final int attempts() {
    return attempts;
  }

  final long hash() {
    return command().request().keys().hash(index);
  }

  /** Another object makes an attempt on behalf of this one. */
  final void countAttempt() {
    attempts++;
  }

  /**
   * Calls a server with this message; {@code maxNs} bounds the wait for this attempt. Nothing is
   * sent any more once the deadline has passed, as it has when this process was paused: servers
   * remember requests no longer than they may be repeated.
   */
  final void send(Target target, long maxNs) {
    long remainingNs = deadlineNs - router.nanoTime();
    if (remainingNs <= 0) {
      fail();
      return;
    }
    attempts++;
    target.peer().call(this, Math.min(maxNs, remainingNs), this);
  }

  /** Whether another attempt may be made. */
  final boolean mayRetry() {
    return attempts < maxAttempts() && deadlineNs - router.nanoTime() > 0 && !router.isClosed();
  }

  /** Tries again after a while, or fails when there is nothing left to try. */
  final void backOff() {
    if (mayRetry()) {
      router.retries().add(this, waits++);
    } else {
      fail();
    }
  }

  /**
   * Tries again now, as the hash spaces have changed. Who is asked by the new ones may take a
   * moment longer to install them, so the next waits are short again.
   */
  final void wake() {
    waits = Math.min(waits, WAITS_WHEN_WOKEN);
    attempt();
  }

  /** Counts an error of the server that was asked. */
  final void countError(ErrorCode code, @Nullable Target target, String detail) {
    lastErrorId = code.id();
    router.countError(code, target, detail);
  }

  /** Nothing is left to try. */
  final void fail() {
    countFailure();
    finish(failure());
  }

  final void countFailure() {
    router.countFailure(command(), index, lastErrorId);
  }

  /** Appends the raw key as MessagePack. */
  final void writeKey(ByteBuf out) {
    KeyList keys = command().request().keys();
    int start = keys.start(index);
    int length = keys.end(index) - start;
    MsgPack.writeRawHeader(out, length);
    out.writeBytes(keys.bytes(), start, length);
  }

  /** The outcome of this key stands. This object may be in use again when it returns. */
  final void finish(KeyStatus status) {
    KeyBatch doneBatch = batch;
    KeyCommand done = detach();
    if (doneBatch == null) {
      done.complete(status);
    } else {
      doneBatch.finished(status);
    }
  }

  /** Lets go of the command: somebody else will complete it. This object may be in use again. */
  final KeyCommand detach() {
    KeyCommand detached = command();
    command = null;
    batch = null;
    release();
    return detached;
  }

  /** Gives this object back for reuse. */
  abstract void release();
}
