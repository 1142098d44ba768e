package io.kumo.core.protocol;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The error element of a response: nearly always a number, a text in rare cases. */
public record ReplyError(ErrorCode code, String detail) {
  /**
   * Consumes the element.
   *
   * @param in borrowed, at the error element, which is not nil
   */
  public static ReplyError read(ByteBuf in) throws MalformedMessageException {
    if (MsgPack.isUnsigned(in)) {
      ErrorCode code = ErrorCode.byId(MsgPack.readUnsigned(in));
      return new ReplyError(code, "error " + code.id());
    }
    if (MsgPack.isRaw(in)) {
      String text = MsgPack.readText(in, Limits.MAX_TEXT_BYTES, StandardCharsets.UTF_8);
      return new ReplyError(ErrorCode.UNKNOWN, text);
    }
    return new ReplyError(ErrorCode.UNKNOWN, "error");
  }
}
