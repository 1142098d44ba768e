package io.kumo.server.transfer;

import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.zip.Deflater;

/**
 * Writes an offer as kumofs 0.4.13 does: one zlib stream (RFC 1950) of MessagePack {@code [raw key,
 * raw value]} arrays, ended by a nil. Confined to one thread; to be closed, as it holds native
 * memory.
 */
final class PairDeflater implements AutoCloseable {
  private static final int PAIR_LENGTH = 2;
  private static final int BATCH_BYTES = 32 * 1024;
  private static final int CHUNK_BYTES = 16 * 1024;

  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
  private final ByteBuf plain = Unpooled.buffer(BATCH_BYTES);
  private final byte[] chunk = new byte[CHUNK_BYTES];

  /** Borrows all three; what is compressed so far goes to {@code out}. */
  void add(ByteBuf rawKey, ByteBuf rawValue, ByteBuf out) {
    MsgPack.writeArrayHeader(plain, PAIR_LENGTH);
    MsgPack.writeRaw(plain, rawKey);
    MsgPack.writeRaw(plain, rawValue);
    if (plain.readableBytes() >= BATCH_BYTES) {
      compress(out, Deflater.NO_FLUSH);
    }
  }

  /** Makes everything added so far readable at the other end. */
  void flush(ByteBuf out) {
    compress(out, Deflater.SYNC_FLUSH);
  }

  /** Ends the stream. */
  void finish(ByteBuf out) {
    MsgPack.writeNil(plain);
    deflater.setInput(plain.array(), plain.arrayOffset(), plain.readableBytes());
    deflater.finish();
    drain(out, Deflater.NO_FLUSH);
    plain.clear();
  }

  private void compress(ByteBuf out, int flush) {
    deflater.setInput(plain.array(), plain.arrayOffset(), plain.readableBytes());
    drain(out, flush);
    plain.clear();
  }

  private void drain(ByteBuf out, int flush) {
    int length;
    do {
      length = deflater.deflate(chunk, 0, chunk.length, flush);
      out.writeBytes(chunk, 0, length);
    } while (length == chunk.length || (length > 0 && !deflater.needsInput()));
  }

  @Override
  public void close() {
    deflater.end();
    plain.release();
  }
}
