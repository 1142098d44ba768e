package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * A server gives a record or tombstone that it no longer owns to an owner, which stores it if it is
 * newer: {@code [raw key, raw value, owned]}. The result is true when the owner now has it, this
 * new or newer, or knows that it was deleted.
 *
 * @param key borrowed from what was decoded
 * @param value 8 bytes for a tombstone; borrowed likewise
 * @param owned whether the sender owned it until the present replace; else it may be a left-over
 *     whose tombstone was dropped
 */
public record Handoff(ByteBuf key, ByteBuf value, boolean owned) implements Message {
  private static final int LENGTH = 3;

  public static Handoff decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    ByteBuf key = RawStrings.readKey(in);
    ByteBuf value = RawStrings.readValueOrTombstone(in);
    return new Handoff(key, value, MsgPack.readBool(in));
  }

  @Override
  public Method method() {
    return Method.HANDOFF;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeRaw(out, key);
    MsgPack.writeRaw(out, value);
    MsgPack.writeBool(out, owned);
  }
}
