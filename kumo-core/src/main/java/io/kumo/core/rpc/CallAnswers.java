package io.kumo.core.rpc;

import io.kumo.core.guard.Guard;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.ReplyError;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives answers to the calls of one session that wait for them. A handler that throws, or cannot
 * read its answer, costs nobody else. Confined to the loop.
 */
final class CallAnswers {
  private static final Logger log = LoggerFactory.getLogger(CallAnswers.class);

  private final Object session;
  private final PendingCalls pending;
  private final Guard guard;
  private final Guard.Action<ReplyHandler, ByteBuf> delivery = this::deliver;

  /**
   * @param session what is named when an answer is malformed
   */
  CallAnswers(Object session, PendingCalls pending, Guard guard) {
    this.session = session;
    this.pending = pending;
    this.guard = guard;
  }

  /** Borrows both. */
  void complete(int messageId, @Nullable ByteBuf error, ByteBuf result) {
    ReplyHandler handler = pending.remove(messageId);
    if (handler == null) {
      return;
    }
    if (error == null) {
      guard.run("reply handler", handler, delivery, handler, result);
    } else {
      ReplyError told = read(error);
      PendingCalls.fail(guard, handler, told.code(), told.detail());
    }
  }

  private static ReplyError read(ByteBuf error) {
    try {
      return ReplyError.read(error);
    } catch (MalformedMessageException e) {
      return new ReplyError(ErrorCode.UNKNOWN, e.getMessage());
    }
  }

  /** An answer that is not what it should be fails its call, nothing else. */
  private void deliver(ReplyHandler handler, ByteBuf result) {
    try {
      handler.reply(result);
    } catch (MalformedMessageException e) {
      log.warn("malformed answer from {}: {}", session, e.getMessage());
      handler.error(ErrorCode.PROTOCOL, e.getMessage());
    }
  }
}
