package io.kumo.core.protocol.desk;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * kumoctl changes a setting of a manager or server until its process ends: {@code [setting,
 * value]}. The result is whether that kind of node has it.
 *
 * @param value in the unit of the setting, 64 bits
 */
public record ChangeConfig(NodeSetting setting, long value) implements Message {
  private static final int LENGTH = 2;

  public static ChangeConfig decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long id = MsgPack.readUnsigned(in);
    NodeSetting setting =
        NodeSetting.byId(id).orElseThrow(() -> new MalformedMessageException("no setting: " + id));
    return new ChangeConfig(setting, MsgPack.readUnsigned(in));
  }

  @Override
  public Method method() {
    return Method.CHANGE_CONFIG;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, setting.id());
    MsgPack.writeUnsigned(out, value);
  }
}
