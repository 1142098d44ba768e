package io.kumo.core.protocol.original;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * Result of {@link Set}: a ClockTime, nil, or false.
 *
 * @param clockTime of the stored record; 0 unless stored
 */
public record SetResult(Status status, long clockTime) {
  /** What became of it. */
  public enum Status {
    STORED,
    /** A replica could not be reached; the record may be stored in places. */
    FAILED,
    /** The record has another ClockTime than the expected one. */
    MISMATCH
  }

  public static SetResult read(ByteBuf in) throws MalformedMessageException {
    if (MsgPack.tryReadNil(in)) {
      return new SetResult(Status.FAILED, 0);
    }
    if (MsgPack.isBool(in)) {
      return new SetResult(MsgPack.readBool(in) ? Status.STORED : Status.MISMATCH, 0);
    }
    return new SetResult(Status.STORED, MsgPack.readUnsigned(in));
  }

  public void write(ByteBuf out) {
    switch (status) {
      case STORED -> MsgPack.writeUnsigned(out, clockTime);
      case FAILED -> MsgPack.writeNil(out);
      case MISMATCH -> MsgPack.writeBool(out, false);
    }
  }
}
