package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A server gives a record or tombstone that it no longer owns to an owner, which stores it if it is
 * newer: {@code [raw key, raw value, owned]}, and its {@link RequestHistory} as two more elements.
 * The result is true when the owner now has it, this new or newer, or knows that it was deleted.
 *
 * @param key borrowed from what was decoded
 * @param value 8 bytes for a tombstone; borrowed likewise
 * @param owned whether the sender owned it until the present replace; else it may be a left-over
 *     whose tombstone was dropped
 * @param history by which requests the record came to be what it is; null from an older server
 */
public record Handoff(ByteBuf key, ByteBuf value, boolean owned, @Nullable RequestHistory history)
    implements Message {
  private static final int LENGTH = 3;

  public static Handoff decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    ByteBuf key = RawStrings.readKey(in);
    ByteBuf value = RawStrings.readValueOrTombstone(in);
    boolean owned = MsgPack.readBool(in);
    boolean told = length >= LENGTH + RequestHistory.LENGTH;
    return new Handoff(key, value, owned, told ? RequestHistory.read(in) : null);
  }

  @Override
  public Method method() {
    return Method.HANDOFF;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, history == null ? LENGTH : LENGTH + RequestHistory.LENGTH);
    MsgPack.writeRaw(out, key);
    MsgPack.writeRaw(out, value);
    MsgPack.writeBool(out, owned);
    if (history != null) {
      history.write(out);
    }
  }
}
