package io.kumo.core.state;

import io.kumo.core.protocol.votes.ViewCodec;
import io.kumo.core.protocol.votes.VoterCodec;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.VoteState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A kept vote in bytes, all numbers big endian: the 8 bytes {@code kumovot1}, CRC-32C (u32) of what
 * follows, and one MessagePack array {@code [binding, voter, process, term, accepted view or nil]}.
 */
final class VoteBytes {
  private static final Logger log = LoggerFactory.getLogger(VoteBytes.class);
  private static final byte[] MAGIC = {'k', 'u', 'm', 'o', 'v', 'o', 't', '1'};
  private static final int HEADER_BYTES = MAGIC.length + Integer.BYTES;
  private static final int LENGTH = 5;

  /** A vote, and what it is bound to beside its address. */
  record Kept(long binding, VoteState state) {}

  private VoteBytes() {}

  static byte[] encode(long binding, VoteState state) {
    ByteBuf body = Unpooled.buffer();
    MsgPack.writeArrayHeader(body, LENGTH);
    MsgPack.writeUnsigned(body, binding);
    VoterCodec.write(body, state.self());
    MsgPack.writeUnsigned(body, state.process());
    MsgPack.writeUnsigned(body, state.term());
    ViewCodec.write(body, state.accepted());
    ByteBuf all = Unpooled.buffer(HEADER_BYTES + body.readableBytes());
    all.writeBytes(MAGIC).writeInt(checksum(body)).writeBytes(body);
    byte[] bytes = new byte[all.readableBytes()];
    all.readBytes(bytes);
    return bytes;
  }

  /** Null if these bytes were not written by {@link #encode}, or not whole. */
  static @Nullable Kept decode(byte[] bytes) {
    if (bytes.length < HEADER_BYTES || !Arrays.equals(MAGIC, Arrays.copyOf(bytes, MAGIC.length))) {
      return null;
    }
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    in.skipBytes(MAGIC.length);
    if (in.readInt() != checksum(in)) {
      return null;
    }
    try {
      return read(in);
    } catch (MalformedMessageException | IllegalArgumentException e) {
      log.warn("a kept vote is whole and makes no sense; another program may have written it", e);
      return null;
    }
  }

  private static Kept read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long binding = MsgPack.readUnsigned(in);
    Voter self = VoterCodec.read(in);
    long process = MsgPack.readUnsigned(in);
    long term = MsgPack.readUnsigned(in);
    ClusterView accepted = ViewCodec.read(in);
    return new Kept(binding, new VoteState(self, process, term, accepted));
  }

  private static int checksum(ByteBuf body) {
    CRC32C crc = new CRC32C();
    crc.update(body.nioBuffer());
    return (int) crc.getValue();
  }
}
