package io.kumo.core.protocol.repair;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.HashRange;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Ranges on the wire: {@code [from, to, from, to, ...]}, both included. */
final class HashRanges {
  private static final int LENGTH = 2;

  private HashRanges() {}

  static void write(ByteBuf out, List<HashRange> ranges) {
    MsgPack.writeArrayHeader(out, LENGTH * ranges.size());
    for (HashRange range : ranges) {
      MsgPack.writeUnsigned(out, range.from());
      MsgPack.writeUnsigned(out, range.to());
    }
  }

  static List<HashRange> read(ByteBuf in, int maxRanges) throws MalformedMessageException {
    int elements = MsgPack.readArrayHeader(in);
    if (elements % LENGTH != 0 || elements > LENGTH * maxRanges) {
      throw new MalformedMessageException("ranges of " + elements + " elements");
    }
    List<HashRange> ranges = new ArrayList<>(elements / LENGTH);
    for (int i = 0; i < elements; i += LENGTH) {
      long from = MsgPack.readUnsigned(in);
      long to = MsgPack.readUnsigned(in);
      if (Long.compareUnsigned(from, to) > 0) {
        throw new MalformedMessageException("a range that ends before it begins");
      }
      ranges.add(new HashRange(from, to));
    }
    return ranges;
  }
}
