package io.kumo.core.protocol.snapshot;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.protocol.wire.RawStrings;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tool asks a server for its part of an open snapshot, a page at a time, in the order of raw
 * keys: {@code [id, [server, ...], after or nil, since]}. The result is a {@link SnapshotPage}.
 *
 * @param lost servers that are gone: of the keys whose active replicas begin with these, in this
 *     order, and go on with the server that is asked
 * @param after raw key behind which to go on; null to begin
 * @param since only records newer than this, tombstones and expired ones included; 0 for all that
 *     clients see
 */
public record ScanSnapshot(long id, List<NodeAddress> lost, @Nullable ByteBuf after, long since)
    implements Message {
  private static final int LENGTH = 4;

  public ScanSnapshot {
    lost = List.copyOf(lost);
  }

  public static ScanSnapshot decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long id = MsgPack.readUnsigned(in);
    int count = MsgPack.readArrayHeader(in);
    if (count >= HashSpace.MAX_COPIES) {
      throw new MalformedMessageException(count + " lost servers");
    }
    List<NodeAddress> lost = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      lost.add(NodeAddressCodec.read(in));
    }
    ByteBuf after = MsgPack.tryReadNil(in) ? null : RawStrings.readKey(in);
    return new ScanSnapshot(id, lost, after, MsgPack.readUnsigned(in));
  }

  @Override
  public Method method() {
    return Method.SCAN_SNAPSHOT;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, id);
    MsgPack.writeArrayHeader(out, lost.size());
    lost.forEach(server -> NodeAddressCodec.write(out, server));
    MsgPack.writeRawOrNil(out, after);
    MsgPack.writeUnsigned(out, since);
  }
}
