package io.kumo.core.protocol.original;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/** Result of {@link Delete}. */
public enum DeleteResult {
  /** true. From kumofs 0.4.13 also when there was no record. */
  DELETED,
  /** false. */
  NOT_DELETED,
  /** nil: a replica could not be reached; the record may be deleted in places. */
  FAILED;

  public static DeleteResult read(ByteBuf in) throws MalformedMessageException {
    if (MsgPack.tryReadNil(in)) {
      return FAILED;
    }
    return MsgPack.readBool(in) ? DELETED : NOT_DELETED;
  }

  public void write(ByteBuf out) {
    switch (this) {
      case DELETED -> MsgPack.writeBool(out, true);
      case NOT_DELETED -> MsgPack.writeBool(out, false);
      case FAILED -> MsgPack.writeNil(out);
    }
  }
}
