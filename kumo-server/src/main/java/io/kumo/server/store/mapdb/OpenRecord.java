package io.kumo.server.store.mapdb;

import static io.kumo.server.store.mapdb.RecordFormat.CRC;
import static io.kumo.server.store.mapdb.RecordFormat.HEADER_BYTES;
import static io.kumo.server.store.mapdb.RecordFormat.HEAD_PREFIX;
import static io.kumo.server.store.mapdb.RecordFormat.HEAD_VALUE_LENGTH;
import static io.kumo.server.store.mapdb.RecordFormat.INLINE;
import static io.kumo.server.store.mapdb.RecordFormat.KEY_LENGTH;
import static io.kumo.server.store.mapdb.RecordFormat.KIND;
import static io.kumo.server.store.mapdb.RecordFormat.LSN;

import io.kumo.core.item.RecordDigest;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One record of a data file, where it lies in memory: what is in it, without a copy. The base of a
 * {@link RecordFile}, which shows one record at a time, under the lock of the shard.
 */
public abstract class OpenRecord {
  /** The mapping around the record, whose position and limit nobody changes. */
  ByteBuffer buffer = ByteBuffer.allocate(0);

  private ByteBuffer view = buffer;
  int start;
  int size;
  private final CRC32C crc = new CRC32C();

  /** Of this package. */
  OpenRecord() {}

  /**
   * Another record is open.
   *
   * @param whole the mapping, to read from
   * @param window the same, whose position and limit may be changed
   */
  final void show(ByteBuffer whole, ByteBuffer window, int index, int length) {
    buffer = whole;
    view = window;
    start = index;
    size = length;
  }

  /** Whether the record has the checksum of its content (of a large value: of its head). */
  public boolean isSound() {
    return buffer.getInt(start + CRC) == checksum(start + KIND - Long.BYTES, size - LSN)
        && HEADER_BYTES + keyLength() <= size;
  }

  public byte kind() {
    return buffer.get(start + KIND);
  }

  public long lsn() {
    return buffer.getLong(start + LSN);
  }

  public int keyLength() {
    return buffer.getShort(start + KEY_LENGTH) & 0xffff;
  }

  /** The hash in front of the raw key. */
  public long hash() {
    return buffer.getLong(start + HEADER_BYTES);
  }

  public long clockTime() {
    return buffer.getLong(valueIndex());
  }

  public int valueLength() {
    return kind() == INLINE
        ? size - HEADER_BYTES - keyLength()
        : buffer.getInt(start + HEADER_BYTES + keyLength() + HEAD_VALUE_LENGTH);
  }

  /** Where the value, or as much of it as the head of a large one holds, begins. */
  final int valueIndex() {
    int afterKey = start + HEADER_BYTES + keyLength();
    return kind() == INLINE ? afterKey : afterKey + HEAD_PREFIX;
  }

  /** Whether the lengths are such that a key can be read, be it sound or not. */
  public boolean hasReadableKey() {
    return keyLength() >= Long.BYTES && HEADER_BYTES + keyLength() <= size;
  }

  public boolean hasKey(ByteBuf rawKey) {
    int length = rawKey.readableBytes();
    if ((kind() != INLINE && kind() != RecordFormat.HEAD)
        || keyLength() != length
        || size < HEADER_BYTES + length) {
      return false;
    }
    int mine = start + HEADER_BYTES;
    int other = rawKey.readerIndex();
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      if (buffer.getLong(mine + i) != rawKey.getLong(other + i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (buffer.get(mine + i) != rawKey.getByte(other + i)) {
        return false;
      }
    }
    return true;
  }

  public long fingerprint(KeyFingerprint fingerprint) {
    return fingerprint.of(buffer, start + HEADER_BYTES, keyLength());
  }

  /** Of key and ClockTime. */
  public long digest() {
    return RecordDigest.of(buffer, start + HEADER_BYTES, keyLength(), clockTime());
  }

  public void readKey(ByteBuf into) {
    into.writeBytes(window(start + HEADER_BYTES, keyLength()));
  }

  public byte[] key() {
    byte[] key = new byte[keyLength()];
    buffer.get(start + HEADER_BYTES, key);
    return key;
  }

  final ByteBuffer window(int index, int length) {
    return view.limit(index + length).position(index);
  }

  private int checksum(int index, int length) {
    crc.reset();
    crc.update(window(index, length));
    return (int) crc.getValue();
  }
}
