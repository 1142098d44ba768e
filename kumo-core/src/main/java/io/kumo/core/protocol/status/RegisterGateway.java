package io.kumo.core.protocol.status;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A gateway tells a manager that it is there, every few seconds: {@code [id, status]}. The result
 * is nil.
 *
 * @param id random number of its process
 */
public record RegisterGateway(long id, NodeStatus status) implements Message {
  private static final int LENGTH = 2;

  public static RegisterGateway decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new RegisterGateway(MsgPack.readUnsigned(in), NodeStatus.read(in));
  }

  @Override
  public Method method() {
    return Method.REGISTER_GATEWAY;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, id);
    status.write(out);
  }
}
