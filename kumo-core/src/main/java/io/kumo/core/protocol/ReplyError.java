package io.kumo.core.protocol;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

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
      String text = RawStrings.readText(in);
      return new ReplyError(ErrorCode.UNKNOWN, text);
    }
    return new ReplyError(ErrorCode.UNKNOWN, "error");
  }
}
