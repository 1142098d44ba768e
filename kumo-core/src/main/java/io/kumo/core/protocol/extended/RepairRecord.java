package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * Somebody who met a replica that is not as it should be asks the key's coordinator to compare all
 * of them: {@code [key]}. The result is whether it will; false when it is not the coordinator.
 *
 * @param method {@link Method#REPAIR_RECORD} or {@link Method#COMPARE_RECORD}
 * @param key raw key, borrowed from what was decoded
 */
public record RepairRecord(Method method, ByteBuf key) implements Message {
  private static final int LENGTH = 1;

  public static RepairRecord decodeRepair(ByteBuf in) throws MalformedMessageException {
    return decode(Method.REPAIR_RECORD, in);
  }

  public static RepairRecord decodeCompare(ByteBuf in) throws MalformedMessageException {
    return decode(Method.COMPARE_RECORD, in);
  }

  private static RepairRecord decode(Method method, ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new RepairRecord(method, RawStrings.readKey(in));
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeRaw(out, key);
  }
}
