package io.kumo.server.store.mapdb;

/**
 * The layout of a record in a data file (all big endian); each is one MapDB record. Byte by byte in
 * docs/internals/storage.md.
 */
public final class RecordFormat {
  /** CRC32C of everything after it, u32. */
  static final int CRC = 0;

  /** Position in the redo log at which the record was written, u64. */
  static final int LSN = 4;

  static final int KIND = 12;

  /** Length of the raw key, u16. */
  static final int KEY_LENGTH = 14;

  public static final int HEADER_BYTES = 16;

  /** Raw key and raw value follow. */
  public static final byte INLINE = 1;

  /** Raw key, then a large value's length, checksum, first bytes and the recids of its chunks. */
  public static final byte HEAD = 2;

  /** A piece of a large value. */
  static final byte CHUNK = 3;

  /** The state of the shard, one in each file. */
  static final byte META = 4;

  /** A damaged record whose key has been written anew. */
  static final byte ABANDONED = 5;

  /** The longest record that MapDB keeps in one piece. */
  static final int MAX_RECORD_BYTES = 65_520;

  static final int MAX_CHUNK_BYTES = MAX_RECORD_BYTES - HEADER_BYTES;

  // Within a HEAD, counted from the end of the key.
  static final int HEAD_VALUE_LENGTH = 0;
  static final int HEAD_VALUE_CRC = 4;
  static final int HEAD_PREFIX = 8;

  /** Bytes of the value in its HEAD: the header of a kumo item. */
  static final int PREFIX_BYTES = 26;

  static final int HEAD_CHUNKS = HEAD_PREFIX + PREFIX_BYTES;

  private RecordFormat() {}

  static boolean fitsInline(int keyLength, int valueLength) {
    return HEADER_BYTES + keyLength + valueLength <= MAX_RECORD_BYTES;
  }

  public static int chunkCount(int valueLength) {
    return (valueLength + MAX_CHUNK_BYTES - 1) / MAX_CHUNK_BYTES;
  }
}
