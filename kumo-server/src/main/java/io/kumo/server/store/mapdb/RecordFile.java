package io.kumo.server.store.mapdb;

import static io.kumo.server.store.mapdb.RecordFormat.CHUNK;
import static io.kumo.server.store.mapdb.RecordFormat.HEADER_BYTES;
import static io.kumo.server.store.mapdb.RecordFormat.HEAD_CHUNKS;
import static io.kumo.server.store.mapdb.RecordFormat.HEAD_VALUE_CRC;
import static io.kumo.server.store.mapdb.RecordFormat.INLINE;
import static io.kumo.server.store.mapdb.RecordFormat.KIND;
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
public final class RecordFile extends OpenRecord {
  static {
    MapDbHashes.stayInJava();
  }

  /** The recid of the {@link ShardMeta}: the first after those that MapDB reserves. */
  static final long META_RECID = 9;

  /** A change may need a page for data, one for recids and one for a free list. */
  private static final long GROWTH_BYTES = 3 * RecordPlaces.PAGE_BYTES;

  private final String name;
  private final CheckpointVolume volume;
  private final RecordPlaces places;
  private final DB db;
  private final StoreDirect store;
  private final RecordScratch scratch = new RecordScratch();
  private final StoreBinaryGetLong opener = this::opened;
  private final DeferredWrites deferred;
  private long place;

  /** Opens a file that a checkpoint left, or makes the structure of a new one in memory. */
  public RecordFile(String name, CheckpointVolume volume, boolean exists) {
    this.name = name;
    this.volume = volume;
    this.places = new RecordPlaces(volume);
    this.deferred = new DeferredWrites(volume);
    long fileBytes = volume.bytesAtOpening();
    try {
      db = DBMaker.volumeDB(volume, exists).concurrencyDisable().make();
      store = (StoreDirect) db.getStore();
      if (exists && store.getTotalSize() > fileBytes) {
        throw new DBException.DataCorruption("the file is cut short");
      }
      if (!exists) {
        scratch.reserveMeta();
        long recid = put();
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

  // ---- reading

  private long opened(DataInput2 input, int length) {
    DataInput2.ByteBuffer mapped = (DataInput2.ByteBuffer) input;
    place = volume.lastInputOffset();
    show(mapped.buf, volume.lastView(), mapped.pos, length);
    return 0;
  }

  /** Shows a record, without a look at its checksum. */
  public void open(long recid) {
    Memtable table = deferred.tableOf(recid);
    if (table != null) {
      int entry = table.find(recid);
      place = table.place(entry);
      show(table.memory(entry), table.view(entry), table.recordIndex(entry), table.length(entry));
      return;
    }
    try {
      if (store.getBinaryLong(recid, opener) == 0 && size >= HEADER_BYTES) {
        return;
      }
    } catch (DBException | IndexOutOfBoundsException | AssertionError | ClassCastException e) {
      throw corrupt(recid, e);
    }
    throw corrupt(recid, null);
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

  /**
   * Whether these chunks of the large value that is open have their checksums. Opens others.
   *
   * @param from number of the first
   * @param to that after the last
   */
  public boolean hasSoundChunks(int from, int to) {
    ByteBuffer head = buffer;
    int recids = start + HEADER_BYTES + keyLength() + HEAD_CHUNKS;
    for (int i = from; i < to; i++) {
      if (!opens(head.getLong(recids + i * Long.BYTES)) || kind() != CHUNK || !isSound()) {
        return false;
      }
    }
    return true;
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
    deferred.remove(recid);
    try {
      open(recid);
    } catch (StoreException e) {
      return; // Whoever walks the file cannot open it either.
    }
    volume.putByteInView(start + KIND, RecordFormat.ABANDONED);
  }

  /** Stores what counts as a damaged record of this raw key, and returns its recid. */
  public long insertDamaged(byte[] rawKey) {
    scratch.damaged(rawKey);
    return put();
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
    return put();
  }

  /** Replaces the record that is open. */
  public void replace(long recid, ByteBuf rawKey, ByteBuf rawValue, long lsn) {
    boolean isInline = kind() == INLINE;
    int length = size;
    deleteChunks();
    encode(rawKey, rawValue, lsn);
    if (isInline
        && scratch.length() == length
        && RecordFormat.fitsInline(rawKey.readableBytes(), rawValue.readableBytes())) {
      deferred.overwrite(recid, place, scratch.bytes(), length);
    } else {
      deferred.remove(recid);
      store.update(recid, scratch, RecordScratch.SERIALIZER);
    }
  }

  /** Deletes the record that is open. */
  public void delete(long recid) {
    deleteChunks();
    deferred.remove(recid);
    store.delete(recid, RecordScratch.SERIALIZER);
  }

  private void deleteChunks() {
    if (kind() != RecordFormat.HEAD) {
      return;
    }
    int recids = start + HEADER_BYTES + keyLength() + HEAD_CHUNKS;
    int chunks = RecordFormat.chunkCount(valueLength());
    ByteBuffer head = buffer;
    for (int i = 0; i < chunks; i++) {
      store.delete(head.getLong(recids + i * Long.BYTES), RecordScratch.SERIALIZER);
    }
  }

  private void encode(ByteBuf rawKey, ByteBuf rawValue, long lsn) {
    if (RecordFormat.fitsInline(rawKey.readableBytes(), rawValue.readableBytes())) {
      scratch.inline(rawKey, rawValue, lsn);
    } else {
      long[] recids = insertChunks(rawValue, lsn);
      scratch.head(rawKey, rawValue, recids, lsn);
    }
  }

  private long[] insertChunks(ByteBuf rawValue, long lsn) {
    long[] recids = new long[RecordFormat.chunkCount(rawValue.readableBytes())];
    for (int i = 0; i < recids.length; i++) {
      scratch.chunk(rawValue, i, lsn);
      recids[i] = put();
    }
    return recids;
  }

  /** Stores what the scratch has. */
  private long put() {
    return store.put(scratch, RecordScratch.SERIALIZER);
  }

  // ---- the file as a whole

  /**
   * Writes the meta record and MapDB's own header checksum: the file as a clean close leaves it.
   */
  public void commit(ShardMeta meta) {
    scratch.meta(meta);
    store.update(META_RECID, scratch, RecordScratch.SERIALIZER);
    store.commit();
  }

  public ShardMeta meta() {
    open(META_RECID);
    if (kind() != META || size != RecordScratch.META_BYTES || !isSound()) {
      throw corrupt(META_RECID, null);
    }
    ByteBuffer in = window(start + HEADER_BYTES, RecordScratch.META_BYTES - HEADER_BYTES);
    return new ShardMeta(
        in.getInt(),
        in.getLong(),
        in.getLong(),
        new ShardCounts(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong()));
  }

  /** Whether a record of a key has this recid now, sound or not; opens it. */
  public boolean isPresent(long recid) {
    return opens(recid) && (kind() == INLINE || kind() == RecordFormat.HEAD);
  }

  private boolean opens(long recid) {
    try {
      open(recid);
      return true;
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

  /** What was written over records and has not reached their pages. */
  public DeferredWrites deferred() {
    return deferred;
  }

  /** Memory that changes take which the file does not have. */
  public long ownBytes() {
    return volume.ownBytes() + deferred.bytes();
  }

  public String name() {
    return name;
  }

  public void close() {
    db.close();
    deferred.release();
  }
}
