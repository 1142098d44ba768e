package io.kumo.server.write;

import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.server.write.change.Decision;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Keeps what a writer was told, and insists that it is told once. */
final class RecordedReply implements WriteReply {
  @Nullable MutateStatus status;
  long clockTime;
  boolean refused;
  @Nullable String unknown;
  boolean wanted = true;
  private int answers;

  boolean answered() {
    return answers > 0;
  }

  boolean stored() {
    return status == MutateStatus.STORED;
  }

  @Override
  public boolean isWanted() {
    return wanted;
  }

  @Override
  public void decided(Decision decision, long recordClockTime, @Nullable ByteBuf record) {
    count();
    status = decision.status();
    clockTime = recordClockTime;
  }

  @Override
  public void refused() {
    count();
    refused = true;
  }

  @Override
  public void unknown(String reason) {
    count();
    unknown = reason;
  }

  private void count() {
    answers++;
    if (answers > 1) {
      throw new AssertionError("answered twice");
    }
  }
}
