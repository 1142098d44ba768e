package io.kumo.server.store.mapdb;

import static io.kumo.server.store.mapdb.RecordFormat.CHUNK;
import static io.kumo.server.store.mapdb.RecordFormat.CRC;
import static io.kumo.server.store.mapdb.RecordFormat.HEADER_BYTES;
import static io.kumo.server.store.mapdb.RecordFormat.INLINE;
import static io.kumo.server.store.mapdb.RecordFormat.KEY_LENGTH;
import static io.kumo.server.store.mapdb.RecordFormat.KIND;
import static io.kumo.server.store.mapdb.RecordFormat.LSN;
import static io.kumo.server.store.mapdb.RecordFormat.MAX_CHUNK_BYTES;
import static io.kumo.server.store.mapdb.RecordFormat.META;
import static io.kumo.server.store.mapdb.RecordFormat.PREFIX_BYTES;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.mapdb.DataInput2;
import org.mapdb.DataOutput2;
import org.mapdb.Serializer;

/** Where the records of one file are made before MapDB copies them. Under the lock of the shard. */
final class RecordScratch {
  static final int META_BYTES = HEADER_BYTES + 4 + 7 * Long.BYTES;

  /** Has MapDB take what is here. */
  static final Serializer<RecordScratch> SERIALIZER = new ScratchSerializer();

  private final byte[] bytes = new byte[RecordFormat.MAX_RECORD_BYTES];

  /** Of all of them; only absolute positions are used. */
  private final ByteBuffer header = ByteBuffer.wrap(bytes);

  private final CRC32C crc = new CRC32C();
  private int length;

  /** A record of its key and its whole value. */
  void inline(ByteBuf rawKey, ByteBuf rawValue, long lsn) {
    int keyLength = rawKey.readableBytes();
    int valueLength = rawValue.readableBytes();
    rawKey.getBytes(rawKey.readerIndex(), bytes, HEADER_BYTES, keyLength);
    rawValue.getBytes(rawValue.readerIndex(), bytes, HEADER_BYTES + keyLength, valueLength);
    seal(INLINE, keyLength, HEADER_BYTES + keyLength + valueLength, lsn);
  }

  /** The chunk of this number of a large value. */
  void chunk(ByteBuf rawValue, int number, long lsn) {
    int from = number * MAX_CHUNK_BYTES;
    int part = Math.min(MAX_CHUNK_BYTES, rawValue.readableBytes() - from);
    rawValue.getBytes(rawValue.readerIndex() + from, bytes, HEADER_BYTES, part);
    seal(CHUNK, 0, HEADER_BYTES + part, lsn);
  }

  /** The head of a large value whose chunks are stored. */
  void head(ByteBuf rawKey, ByteBuf rawValue, long[] recids, long lsn) {
    int keyLength = rawKey.readableBytes();
    int valueCrc = checksumOf(rawValue);
    rawKey.getBytes(rawKey.readerIndex(), bytes, HEADER_BYTES, keyLength);
    ByteBuffer out = ByteBuffer.wrap(bytes).position(HEADER_BYTES + keyLength);
    out.putInt(rawValue.readableBytes()).putInt(valueCrc);
    rawValue.getBytes(rawValue.readerIndex(), bytes, out.position(), PREFIX_BYTES);
    out.position(out.position() + PREFIX_BYTES);
    for (long recid : recids) {
      out.putLong(recid);
    }
    seal(RecordFormat.HEAD, keyLength, out.position(), lsn);
  }

  private int checksumOf(ByteBuf rawValue) {
    CRC32C valueCrc = new CRC32C();
    int whole = rawValue.readableBytes();
    for (int at = 0; at < whole; at += MAX_CHUNK_BYTES) {
      int part = Math.min(MAX_CHUNK_BYTES, whole - at);
      rawValue.getBytes(rawValue.readerIndex() + at, bytes, 0, part);
      valueCrc.update(bytes, 0, part);
    }
    return (int) valueCrc.getValue();
  }

  /** A record of this key that counts as damaged. */
  void damaged(byte[] rawKey) {
    System.arraycopy(rawKey, 0, bytes, HEADER_BYTES, rawKey.length);
    seal(INLINE, rawKey.length, HEADER_BYTES + rawKey.length, 0);
    bytes[CRC] ^= 1;
  }

  /** What is here; its first {@link #length} bytes. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** As much room as a meta record takes, whatever is in it. */
  void reserveMeta() {
    length = META_BYTES;
  }

  void meta(ShardMeta meta) {
    ByteBuffer out = ByteBuffer.wrap(bytes).position(HEADER_BYTES);
    ShardCounts counts = meta.counts();
    out.putInt(meta.shard()).putLong(meta.checkpointId()).putLong(meta.mark());
    out.putLong(counts.live()).putLong(counts.tombstones());
    out.putLong(counts.liveBytes()).putLong(counts.tombstoneBytes());
    out.putLong(counts.largestClockTime());
    seal(META, 0, META_BYTES, meta.mark());
  }

  private void seal(byte kind, int keyLength, int wholeLength, long lsn) {
    header.putLong(LSN, lsn).put(KIND, kind).put(KIND + 1, (byte) 0);
    header.putShort(KEY_LENGTH, (short) keyLength);
    crc.reset();
    crc.update(bytes, LSN, wholeLength - LSN);
    header.putInt(CRC, (int) crc.getValue());
    length = wholeLength;
  }

  private static final class ScratchSerializer implements Serializer<RecordScratch> {
    @Override
    public void serialize(DataOutput2 out, RecordScratch scratch) {
      out.buf = scratch.bytes;
      out.pos = scratch.length;
    }

    @Override
    public @Nullable RecordScratch deserialize(DataInput2 input, int available) {
      throw new UnsupportedOperationException("records are read in place");
    }
  }
}
