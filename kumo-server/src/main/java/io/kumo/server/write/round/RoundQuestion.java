package io.kumo.server.write.round;

import io.kumo.server.replica.Checksums;
import io.netty.buffer.ByteBuf;

/**
 * What a {@link ReplicationRound} asks.
 *
 * @param rawKey not changed while the round lasts
 * @param clockTime of the record that is here; 0 when there is none
 * @param checksum of its value, as {@link Checksums}; 0 when there is none
 */
public record RoundQuestion(ByteBuf rawKey, long clockTime, int checksum) {
  long hash() {
    return rawKey.getLong(rawKey.readerIndex());
  }
}
