package io.kumo.core.rpc;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;

/** Takes the answer to one call, once, on the loop. */
public interface ReplyHandler {
  /**
   * The call succeeded.
   *
   * @param result borrowed; positioned at the one encoded MessagePack object that is the result.
   *     What is kept of it is retained or copied.
   * @throws MalformedMessageException when the result is not what the method promises; {@link
   *     #error} follows, with {@link ErrorCode#PROTOCOL}
   */
  void reply(ByteBuf result) throws MalformedMessageException;

  /**
   * The call failed. With {@link ErrorCode#NOT_SENT} the remote side has certainly not acted on it;
   * with {@code TRANSPORT_LOST}, {@code NODE_LOST} and {@code TIMEOUT} it may have.
   */
  void error(ErrorCode code, String detail);
}
