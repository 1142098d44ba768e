package io.kumo.server.write.round;

import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.RequestId;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ReplicationRound} is to have stored.
 *
 * @param rawKey not changed while the round lasts, as is the value
 * @param history of a record that is passed on; null for a new one
 */
public record RoundPayload(
    ByteBuf rawKey, ByteBuf rawValue, RequestId id, @Nullable RequestHistory history) {
  long hash() {
    return rawKey.getLong(rawKey.readerIndex());
  }

  long clockTime() {
    return rawValue.getLong(rawValue.readerIndex());
  }

  boolean isTombstone() {
    return rawValue.readableBytes() == Long.BYTES;
  }
}
