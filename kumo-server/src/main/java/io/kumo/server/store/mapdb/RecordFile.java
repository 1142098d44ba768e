package io.kumo.server.store.mapdb;

import static io.kumo.server.store.mapdb.RecordFormat.CHUNK;
import static io.kumo.server.store.mapdb.RecordFormat.CRC;
import static io.kumo.server.store.mapdb.RecordFormat.HEADER_BYTES;
import static io.kumo.server.store.mapdb.RecordFormat.HEAD_CHUNKS;
import static io.kumo.server.store.mapdb.RecordFormat.HEAD_PREFIX;
import static io.kumo.server.store.mapdb.RecordFormat.HEAD_VALUE_CRC;
import static io.kumo.server.store.mapdb.RecordFormat.HEAD_VALUE_LENGTH;
import static io.kumo.server.store.mapdb.RecordFormat.INLINE;
import static io.kumo.server.store.mapdb.RecordFormat.KEY_LENGTH;
import static io.kumo.server.store.mapdb.RecordFormat.KIND;
import static io.kumo.server.store.mapdb.RecordFormat.LSN;
import static io.kumo.server.store.mapdb.RecordFormat.MAX_CHUNK_BYTES;
import static io.kumo.server.store.mapdb.RecordFormat.META;
import static io.kumo.server.store.mapdb.RecordFormat.PREFIX_BYTES;

import io.kumo.server.store.StoreException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.mapdb.DB;
import org.mapdb.DBException;
import org.mapdb.DBMaker;
import org.mapdb.DataInput2;
import org.mapdb.DataOutput2;
import org.mapdb.Serializer;
import org.mapdb.StoreBinaryGetLong;
import org.mapdb.StoreDirect;

/**
 * The records of one data file, by recid: an ordinary MapDB StoreDirect file over a {@link
 * CheckpointVolume}. A value that does not fit into one MapDB record is kept in chunks, so that
 * nothing here ever allocates more than a chunk.
 *
 * <p>Invariants: everything happens under the lock of the shard. {@link #open} lets the accessors
 * show one record, until the next call that writes or opens.
 */
public final class RecordFile {
  static {
    MapDbHashes.stayInJava();
  }

  /** The recid of the {@link ShardMeta}: the first after those that MapDB reserves. */
  static final long META_RECID = 9;

  /** A change may need a page for data, one for recids and one for a free list. */
  private static final long GROWTH_BYTES = 3 * RecordPlaces.PAGE_BYTES;

  private static final int META_BYTES = HEADER_BYTES + 4 + 7 * Long.BYTES;

  private final String name;
  private final CheckpointVolume volume;
  private final RecordPlaces places;
  private final DB db;
  private final StoreDirect store;
  private final CRC32C crc = new CRC32C();
  private final byte[] scratch = new byte[RecordFormat.MAX_RECORD_BYTES];
  private int scratchLength;
  private final Serializer<RecordFile> fromScratch = new ScratchSerializer();
  private final StoreBinaryGetLong opener = this::opened;

  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private ByteBuffer view = buffer;
  private int start;
  private int size;

  /** Opens a file that a checkpoint left, or makes the structure of a new one in memory. */
  public RecordFile(String name, CheckpointVolume volume, boolean exists) {
    this.name = name;
    this.volume = volume;
    this.places = new RecordPlaces(volume);
    long fileBytes = volume.bytesAtOpening();
    try {
      db = DBMaker.volumeDB(volume, exists).concurrencyDisable().make();
      store = (StoreDirect) db.getStore();
      if (exists && store.getTotalSize() > fileBytes) {
        throw new DBException.DataCorruption("the file is cut short");
      }
      if (!exists) {
        scratchLength = META_BYTES;
        long recid = store.put(this, fromScratch);
        if (recid != META_RECID) {
          throw new IllegalStateException("MapDB gave recid " + recid + " for the meta record");
        }
      }
    } catch (DBException | IndexOutOfBoundsException | AssertionError e) {
      throw new StoreException(
          StoreException.Code.CORRUPT,
          name + " is no sound MapDB file (" + e.getMessage() + "); restore it or empty the server",
          e);
    }
  }

  private static final class ScratchSerializer implements Serializer<RecordFile> {
    @Override
    public void serialize(DataOutput2 out, RecordFile file) {
      out.buf = file.scratch;
      out.pos = file.scratchLength;
    }

    @Override
    public @Nullable RecordFile deserialize(DataInput2 input, int available) {
      throw new UnsupportedOperationException("records are read in place");
    }
  }

  // ---- reading

  private long opened(DataInput2 input, int length) {
    DataInput2.ByteBuffer mapped = (DataInput2.ByteBuffer) input;
    buffer = mapped.buf;
    view = volume.lastView();
    start = mapped.pos;
    size = length;
    return 0;
  }

  /** Shows a record, without a look at its checksum. */
  public void open(long recid) {
    try {
      if (store.getBinaryLong(recid, opener) == 0 && size >= HEADER_BYTES) {
        return;
      }
    } catch (DBException | IndexOutOfBoundsException | AssertionError | ClassCastException e) {
      throw corrupt(recid, e);
    }
    throw corrupt(recid, null);
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
  private int valueIndex() {
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

  public void readKey(ByteBuf into) {
    into.writeBytes(window(start + HEADER_BYTES, keyLength()));
  }

  public byte[] key() {
    byte[] key = new byte[keyLength()];
    buffer.get(start + HEADER_BYTES, key);
    return key;
  }

  /** Appends the first bytes of the value; throws when the chunks of a large one are damaged. */
  public void readValue(long recid, ByteBuf into, int length) {
    if (kind() == INLINE || length <= PREFIX_BYTES) {
      into.writeBytes(window(valueIndex(), length));
      return;
    }
    int wholeLength = valueLength();
    int recids = start + HEADER_BYTES + keyLength() + HEAD_CHUNKS;
    int expected = buffer.getInt(start + HEADER_BYTES + keyLength() + HEAD_VALUE_CRC);
    ByteBuffer head = buffer;
    CRC32C valueCrc = new CRC32C();
    int left = length;
    int chunks = RecordFormat.chunkCount(wholeLength);
    for (int i = 0; i < chunks && left > 0; i++) {
      open(head.getLong(recids + i * Long.BYTES));
      int bytes = Math.min(left, size - HEADER_BYTES);
      if (kind() != CHUNK) {
        throw corrupt(recid, null);
      }
      into.writeBytes(window(start + HEADER_BYTES, bytes));
      valueCrc.update(window(start + HEADER_BYTES, bytes));
      left -= bytes;
    }
    if (left > 0 || (length == wholeLength && (int) valueCrc.getValue() != expected)) {
      throw corrupt(recid, null);
    }
    open(recid);
  }

  private ByteBuffer window(int index, int length) {
    return view.limit(index + length).position(index);
  }

  private int checksum(int index, int length) {
    crc.reset();
    crc.update(window(index, length));
    return (int) crc.getValue();
  }

  public StoreException corrupt(long recid, @Nullable Throwable cause) {
    return new StoreException(
        StoreException.Code.CORRUPT,
        "%s: record %d at offset %d is damaged".formatted(name, recid, places.offset(recid)),
        cause);
  }

  /**
   * Has a damaged record count as none, without a change of what MapDB knows: what it says about
   * the record's room may be damaged as well, so the room stays lost until the file is rewritten.
   */
  public void abandon(long recid) {
    try {
      open(recid);
    } catch (StoreException e) {
      return; // Whoever walks the file cannot open it either.
    }
    volume.putByteInView(start + KIND, RecordFormat.ABANDONED);
  }

  /** Stores what counts as a damaged record of this raw key, and returns its recid. */
  public long insertDamaged(byte[] rawKey) {
    System.arraycopy(rawKey, 0, scratch, HEADER_BYTES, rawKey.length);
    seal(INLINE, rawKey.length, HEADER_BYTES + rawKey.length, 0);
    scratch[CRC] ^= 1;
    return store.put(this, fromScratch);
  }

  // ---- writing

  /**
   * Sees to it that a change of so many bytes cannot fail for want of room; throws when the file is
   * not long enough yet.
   *
   * @param grow run when {@link CheckpointVolume#grow} is to be called soon; returns at once
   */
  public void ensureRoom(int bytes, Runnable grow) {
    long needed = store.getTotalSize() + bytes + GROWTH_BYTES;
    if (!volume.isAheadOf(needed)) {
      grow.run();
    }
    if (needed > volume.length()) {
      volume.map(needed);
    }
  }

  /** Has room for the first writes; blocks, while the store opens. */
  public void makeRoom() {
    volume.growAtOpening(store.getTotalSize() + GROWTH_BYTES + RecordPlaces.PAGE_BYTES);
  }

  /** Stores a new record and returns its recid. */
  public long insert(ByteBuf rawKey, ByteBuf rawValue, long lsn) {
    encode(rawKey, rawValue, lsn);
    return store.put(this, fromScratch);
  }

  /** Replaces the record that is open. */
  public void replace(long recid, ByteBuf rawKey, ByteBuf rawValue, long lsn) {
    deleteChunks();
    encode(rawKey, rawValue, lsn);
    store.update(recid, this, fromScratch);
  }

  /** Deletes the record that is open. */
  public void delete(long recid) {
    deleteChunks();
    store.delete(recid, fromScratch);
  }

  private void deleteChunks() {
    if (kind() != RecordFormat.HEAD) {
      return;
    }
    int recids = start + HEADER_BYTES + keyLength() + HEAD_CHUNKS;
    int chunks = RecordFormat.chunkCount(valueLength());
    ByteBuffer head = buffer;
    for (int i = 0; i < chunks; i++) {
      store.delete(head.getLong(recids + i * Long.BYTES), fromScratch);
    }
  }

  private void encode(ByteBuf rawKey, ByteBuf rawValue, long lsn) {
    int keyLength = rawKey.readableBytes();
    int valueLength = rawValue.readableBytes();
    if (RecordFormat.fitsInline(keyLength, valueLength)) {
      rawKey.getBytes(rawKey.readerIndex(), scratch, HEADER_BYTES, keyLength);
      rawValue.getBytes(rawValue.readerIndex(), scratch, HEADER_BYTES + keyLength, valueLength);
      seal(INLINE, keyLength, HEADER_BYTES + keyLength + valueLength, lsn);
      return;
    }
    long[] recids = insertChunks(rawValue, lsn);
    int valueCrc = checksumOf(rawValue);
    rawKey.getBytes(rawKey.readerIndex(), scratch, HEADER_BYTES, keyLength);
    ByteBuffer out = ByteBuffer.wrap(scratch).position(HEADER_BYTES + keyLength);
    out.putInt(valueLength).putInt(valueCrc);
    rawValue.getBytes(rawValue.readerIndex(), scratch, out.position(), PREFIX_BYTES);
    out.position(out.position() + PREFIX_BYTES);
    for (long recid : recids) {
      out.putLong(recid);
    }
    seal(RecordFormat.HEAD, keyLength, out.position(), lsn);
  }

  private long[] insertChunks(ByteBuf rawValue, long lsn) {
    int length = rawValue.readableBytes();
    long[] recids = new long[RecordFormat.chunkCount(length)];
    for (int i = 0; i < recids.length; i++) {
      int from = i * MAX_CHUNK_BYTES;
      int bytes = Math.min(MAX_CHUNK_BYTES, length - from);
      rawValue.getBytes(rawValue.readerIndex() + from, scratch, HEADER_BYTES, bytes);
      seal(CHUNK, 0, HEADER_BYTES + bytes, lsn);
      recids[i] = store.put(this, fromScratch);
    }
    return recids;
  }

  private int checksumOf(ByteBuf rawValue) {
    CRC32C valueCrc = new CRC32C();
    int length = rawValue.readableBytes();
    for (int at = 0; at < length; at += MAX_CHUNK_BYTES) {
      int bytes = Math.min(MAX_CHUNK_BYTES, length - at);
      rawValue.getBytes(rawValue.readerIndex() + at, scratch, 0, bytes);
      valueCrc.update(scratch, 0, bytes);
    }
    return (int) valueCrc.getValue();
  }

  private void seal(byte kind, int keyLength, int length, long lsn) {
    ByteBuffer out = ByteBuffer.wrap(scratch);
    out.putLong(LSN, lsn).put(KIND, kind).put(KIND + 1, (byte) 0);
    out.putShort(KEY_LENGTH, (short) keyLength);
    crc.reset();
    crc.update(scratch, LSN, length - LSN);
    out.putInt(CRC, (int) crc.getValue());
    scratchLength = length;
  }

  // ---- the file as a whole

  /**
   * Writes the meta record and MapDB's own header checksum: the file as a clean close leaves it.
   */
  public void commit(ShardMeta meta) {
    ByteBuffer out = ByteBuffer.wrap(scratch).position(HEADER_BYTES);
    ShardCounts counts = meta.counts();
    out.putInt(meta.shard()).putLong(meta.checkpointId()).putLong(meta.mark());
    out.putLong(counts.live()).putLong(counts.tombstones());
    out.putLong(counts.liveBytes()).putLong(counts.tombstoneBytes());
    out.putLong(counts.largestClockTime());
    seal(META, 0, META_BYTES, meta.mark());
    store.update(META_RECID, this, fromScratch);
    store.commit();
  }

  public ShardMeta meta() {
    open(META_RECID);
    if (kind() != META || size != META_BYTES || !isSound()) {
      throw corrupt(META_RECID, null);
    }
    ByteBuffer in = window(start + HEADER_BYTES, META_BYTES - HEADER_BYTES);
    return new ShardMeta(
        in.getInt(),
        in.getLong(),
        in.getLong(),
        new ShardCounts(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong()));
  }

  /** Whether a record of a key has this recid now. */
  boolean isPresent(long recid) {
    try {
      open(recid);
      return kind() == INLINE || kind() == RecordFormat.HEAD;
    } catch (StoreException e) {
      return false;
    }
  }

  /** Where the records lie, as MapDB's index of recids has it. */
  public RecordPlaces places() {
    return places;
  }

  /** Space that MapDB would reuse; the first call walks the free lists. */
  public long freeBytes() {
    return store.getFreeSize();
  }

  /** Length of what MapDB uses of the file. */
  public long usedBytes() {
    return store.getTotalSize();
  }

  /** MapDB's own check; only below 2 GB. */
  public void verify() {
    store.verify();
  }

  public CheckpointVolume volume() {
    return volume;
  }

  public String name() {
    return name;
  }

  public void close() {
    db.close();
  }
}
