package io.kumo.testkit.cluster;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.rpc.ReplyHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** What came of a call, which may not have been answered yet. */
public final class CallResult implements ReplyHandler {
  private @Nullable ByteBuf result;
  private @Nullable ErrorCode error;
  private String detail = "";

  @Override
  public void reply(ByteBuf encoded) {
    result = Unpooled.copiedBuffer(encoded);
  }

  @Override
  public void error(ErrorCode code, String text) {
    error = code;
    detail = text;
  }

  public boolean isDone() {
    return result != null || error != null;
  }

  /** The encoded result, on the heap; an {@link IllegalStateException} when there is none. */
  public ByteBuf result() {
    if (result == null) {
      throw new IllegalStateException("no result: " + this);
    }
    return result;
  }

  /** Null while there is no answer, and when it succeeded. */
  public @Nullable ErrorCode error() {
    return error;
  }

  /** The encoded result in hex, the error and its detail, or nothing while there is no answer. */
  @Override
  public String toString() {
    if (result != null) {
      return ByteBufUtil.hexDump(result);
    }
    return error == null ? "" : error + " " + detail;
  }
}
