package io.kumo.core.protocol;

import io.kumo.core.protocol.wire.FrameDecoder;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;

/** A request as it came: understood, of an unknown method, or with parameters that do not fit. */
public sealed interface Request {
  int msgId();

  /** Appends the whole request. */
  void encode(ByteBuf out);

  /** One that can be handled. */
  record Known(int msgId, Message message) implements Request {
    @Override
    public void encode(ByteBuf out) {
      Frames.request(out, msgId, message);
    }
  }

  /**
   * One to be answered with {@link ErrorCode#PROTOCOL}.
   *
   * @param params encoded as they came, borrowed
   */
  record Unknown(int msgId, int methodId, ByteBuf params) implements Request {
    @Override
    public void encode(ByteBuf out) {
      Frames.requestHeader(out, msgId, methodId);
      out.writeBytes(params, params.readerIndex(), params.readableBytes());
    }
  }

  /**
   * One to be answered with {@link ErrorCode#PROTOCOL}.
   *
   * @param params encoded as they came, borrowed
   */
  record Malformed(int msgId, Method method, ByteBuf params, String reason) implements Request {
    @Override
    public void encode(ByteBuf out) {
      Frames.requestHeader(out, msgId, method.id());
      out.writeBytes(params, params.readerIndex(), params.readableBytes());
    }
  }

  /**
   * Takes what {@link FrameDecoder} found.
   *
   * @param params borrowed; the request's buffers are slices of it
   */
  static Request decode(int msgId, int methodId, ByteBuf params, ConnectionKind kind) {
    Method method = Method.byId(methodId);
    if (method == null || !method.allowedOn(kind)) {
      return new Unknown(msgId, methodId, params.slice());
    }
    int start = params.readerIndex();
    try {
      return new Known(msgId, method.decode(params));
    } catch (MalformedMessageException e) {
      params.readerIndex(start);
      return new Malformed(msgId, method, params.slice(), String.valueOf(e.getMessage()));
    }
  }
}
