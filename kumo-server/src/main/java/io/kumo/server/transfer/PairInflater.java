package io.kumo.server.transfer;

import io.kumo.core.item.Item;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.server.store.Store;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads what {@link PairDeflater} or a kumofs 0.4.13 server wrote, in pieces of any size. Holds at
 * most one pair and a chunk. Confined to one thread; to be closed, as it holds native memory.
 */
final class PairInflater implements AutoCloseable {
  private static final int CHUNK_BYTES = 32 * 1024;
  private static final int INCOMPLETE = -1;
  private static final int HASH_BYTES = 8;
  private static final int MAX_HEADER_BYTES = 5;
  private static final int MAX_PAIR_BYTES =
      Store.MAX_KEY_BYTES + Store.MAX_VALUE_BYTES + 3 * MAX_HEADER_BYTES;

  /** Takes the pairs. */
  interface PairSink {
    /**
     * Borrows both for the length of the call; the value is at least a tombstone.
     *
     * @return false to be shown the pair again by the next call of {@link #read}
     */
    boolean pair(ByteBuf rawKey, ByteBuf rawValue);
  }

  private final Inflater inflater = new Inflater();
  private final byte[] compressed = new byte[CHUNK_BYTES];
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private final ByteBuf plain = Unpooled.buffer(CHUNK_BYTES);
  private boolean ended;
  private boolean stalled;

  /**
   * Consumes {@code in}, which it borrows, unless the sink refuses a pair.
   *
   * @return whether the final nil has been read; what follows it is ignored
   */
  boolean read(ByteBuf in, PairSink sink) throws MalformedMessageException {
    if (stalled) {
      stalled = false;
      readPairs(sink);
      inflate(sink);
    }
    while (in.isReadable() && !ended && !stalled) {
      int length = Math.min(in.readableBytes(), compressed.length);
      in.readBytes(compressed, 0, length);
      inflater.setInput(compressed, 0, length);
      inflate(sink);
    }
    if (ended) {
      in.skipBytes(in.readableBytes());
    }
    return ended;
  }

  /** Whether the sink has refused a pair, which it is to be shown again. */
  boolean isStalled() {
    return stalled;
  }

  private void inflate(PairSink sink) throws MalformedMessageException {
    try {
      int length = 1;
      while (length > 0 && !ended && !stalled) {
        length = inflater.inflate(chunk);
        plain.writeBytes(chunk, 0, length);
        readPairs(sink);
      }
    } catch (DataFormatException e) {
      throw new MalformedMessageException("not a zlib stream: " + e.getMessage());
    }
    if (inflater.needsDictionary() || (inflater.finished() && !ended && !stalled)) {
      throw new MalformedMessageException("the zlib stream ends before the final nil");
    }
  }

  private void readPairs(PairSink sink) throws MalformedMessageException {
    int end = pairEnd();
    while (end != INCOMPLETE && !ended && !stalled) {
      int start = plain.readerIndex();
      if (MsgPack.tryReadNil(plain)) {
        ended = true;
      } else if (readPair(sink)) {
        plain.readerIndex(end);
        end = pairEnd();
      } else {
        plain.readerIndex(start);
        stalled = true;
      }
    }
    plain.discardSomeReadBytes();
    if (plain.readableBytes() > MAX_PAIR_BYTES) {
      throw new MalformedMessageException("a pair of more than " + MAX_PAIR_BYTES + " bytes");
    }
  }

  private boolean readPair(PairSink sink) throws MalformedMessageException {
    MsgPack.readArrayHeader(plain, 2);
    ByteBuf key = MsgPack.readRaw(plain);
    ByteBuf value = MsgPack.readRaw(plain);
    // No server stores anything shorter; what has no hash or no ClockTime has no place to go.
    return key.readableBytes() < HASH_BYTES
        || value.readableBytes() < Item.TOMBSTONE_BYTES
        || sink.pair(key, value);
  }

  /** The index behind the pair (or nil) that comes next, or INCOMPLETE. */
  private int pairEnd() throws MalformedMessageException {
    if (!plain.isReadable()) {
      return INCOMPLETE;
    }
    int at = plain.readerIndex();
    if (MsgPack.isNil(plain)) {
      return at + 1;
    }
    if (plain.getUnsignedByte(at) != 0x92) {
      throw new MalformedMessageException("neither a pair nor a nil");
    }
    int keyEnd = rawEnd(at + 1, Store.MAX_KEY_BYTES);
    return keyEnd == INCOMPLETE ? INCOMPLETE : rawEnd(keyEnd, Store.MAX_VALUE_BYTES);
  }

  private int rawEnd(int at, int maxBytes) throws MalformedMessageException {
    int available = plain.writerIndex() - at;
    if (available < 1) {
      return INCOMPLETE;
    }
    int type = plain.getUnsignedByte(at);
    int headerBytes = headerBytes(type);
    if (available < headerBytes) {
      return INCOMPLETE;
    }
    long length =
        switch (headerBytes) {
          case 1 -> type & 0x1f;
          case 3 -> plain.getUnsignedShort(at + 1);
          default -> plain.getUnsignedInt(at + 1);
        };
    if (length > maxBytes) {
      throw new MalformedMessageException("a raw of " + length + " bytes");
    }
    long end = at + headerBytes + length;
    return end <= plain.writerIndex() ? (int) end : INCOMPLETE;
  }

  private static int headerBytes(int type) throws MalformedMessageException {
    if (type >= 0xa0 && type < 0xc0) {
      return 1;
    }
    return switch (type) {
      case 0xda -> 3;
      case 0xdb -> MAX_HEADER_BYTES;
      default -> throw new MalformedMessageException("not a raw");
    };
  }

  @Override
  public void close() {
    inflater.end();
    plain.release();
  }
}
