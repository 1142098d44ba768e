package io.kumo.server.write;

import io.kumo.server.write.change.Decision;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Where a write is, and its one answer: however many have something to say, the first counts. A
 * part of the write itself, as each has one. Main loop only.
 */
abstract class StagedWrite {
  private WriteStage stage = WriteStage.WAITING;

  /** To be told; null once it has been. */
  private @Nullable WriteReply unanswered;

  StagedWrite(WriteReply reply) {
    this.unanswered = reply;
  }

  final void enter(WriteStage next) {
    stage = next;
  }

  final boolean isWaiting() {
    return stage == WriteStage.WAITING;
  }

  final boolean isReplicating() {
    return stage == WriteStage.REPLICATING;
  }

  final boolean isApplied() {
    return stage == WriteStage.APPLIED;
  }

  final boolean isInDoubt() {
    return stage == WriteStage.IN_DOUBT;
  }

  final boolean isDone() {
    return stage == WriteStage.DONE || stage == WriteStage.IN_DOUBT;
  }

  final boolean isAnswered() {
    return unanswered == null;
  }

  /** Borrows the record. */
  final void answer(Decision made, long recordClockTime, @Nullable ByteBuf record) {
    WriteReply reply = takeReply();
    if (reply != null) {
      reply.decided(made, recordClockTime, record);
    }
  }

  final void answerRefused() {
    WriteReply reply = takeReply();
    if (reply != null) {
      reply.refused();
    }
  }

  final void answerInterrupted(String reason) {
    WriteReply reply = takeReply();
    if (reply != null) {
      reply.interrupted(reason);
    }
  }

  final void answerUnknown(String reason) {
    WriteReply reply = takeReply();
    if (reply != null) {
      reply.unknown(reason);
    }
  }

  private @Nullable WriteReply takeReply() {
    WriteReply reply = unanswered;
    unanswered = null;
    return reply;
  }
}
