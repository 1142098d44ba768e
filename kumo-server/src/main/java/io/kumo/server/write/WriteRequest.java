package io.kumo.server.write;

import io.kumo.core.protocol.RequestId;
import io.kumo.server.write.change.Change;
import io.netty.buffer.ByteBuf;

/**
 * One write as it came in.
 *
 * @param rawKey hash and key, in memory that nobody else writes to; needs no release
 * @param bytes of key and value, for the bound on pending writes
 * @param repeated whether an earlier attempt may have been applied
 * @param answerEarly whether the writer is answered before the replicas are
 */
public record WriteRequest(
    ByteBuf rawKey,
    int bytes,
    Change change,
    RequestId id,
    boolean repeated,
    boolean answerEarly,
    WriteReply reply) {

  /** Whether to begin with it: not when its writer waits for an answer no more. */
  public boolean isWanted() {
    return answerEarly || reply.isWanted();
  }

  /** The hash of the key: its first 8 bytes. */
  public long hash() {
    return rawKey.getLong(rawKey.readerIndex());
  }
}
