package io.kumo.server.store.shard;

import io.kumo.core.item.RecordDigest;
import io.kumo.core.ring.RangeDigest;
import io.kumo.server.store.DigestSum;
import io.kumo.server.store.RawRecords;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.log.LogFormat;
import io.kumo.server.store.log.RedoLogReader;
import io.kumo.server.store.mapdb.KeyFingerprint;
import io.kumo.server.store.mapdb.RecordFile;
import io.kumo.server.store.mapdb.ShardCounts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.function.LongConsumer;

/**
 * The records of one shard in their present file, with the index over them and their counts.
 *
 * <p>Invariants, all under the lock of the shard: the index leads to every INLINE and HEAD record
 * of the file and to nothing else, except that a record found damaged may be unreachable; the
 * counts are those of the sound records. {@link #locate} leaves the record open for the calls after
 * it.
 */
public final class ShardData {
  private final RecordFile file;
  private final OffHeapIndex index;
  private final KeyFingerprint fingerprint;

  private long live;
  private long tombstones;
  private long liveBytes;
  private long tombstoneBytes;
  private long largestClockTime;

  /** Damaged records in the index that the counts leave out. */
  private long uncounted;

  private final OffHeapIndex.Matcher matcher = this::isWanted;
  private ByteBuf wanted = Unpooled.EMPTY_BUFFER;
  private long damagedRecid;
  private boolean damaged;

  public ShardData(
      RecordFile file, OffHeapIndex index, KeyFingerprint fingerprint, ShardCounts counts) {
    this.file = file;
    this.index = index;
    this.fingerprint = fingerprint;
    live = counts.live();
    tombstones = counts.tombstones();
    liveBytes = counts.liveBytes();
    tombstoneBytes = counts.tombstoneBytes();
    largestClockTime = counts.largestClockTime();
  }

  /** Opens the record of a key and returns its recid, 0 when there is none. */
  long locate(ByteBuf rawKey) {
    wanted = rawKey;
    damagedRecid = 0;
    long recid = index.find(RawRecords.head(rawKey), fingerprint.of(rawKey), matcher);
    damaged = recid == 0 && damagedRecid != 0;
    return damaged ? damagedRecid : recid;
  }

  private boolean isWanted(long recid) {
    try {
      file.open(recid);
      if (file.isSound() && file.hasKey(wanted)) {
        return true;
      }
      if (file.isSound() && hasSameSlotAsWanted()) {
        return false;
      }
    } catch (StoreException e) {
      // Falls through: a record that cannot be opened may be the wanted one.
    }
    damagedRecid = recid;
    return false;
  }

  /** Whether the sound record that is open meets the wanted key in the index by chance. */
  private boolean hasSameSlotAsWanted() {
    return file.hasReadableKey()
        && index.sharesSlot(
            RawRecords.head(wanted),
            fingerprint.of(wanted),
            file.hash(),
            file.fingerprint(fingerprint));
  }

  /** Whether what {@link #locate} found may be the record of the key, but cannot be trusted. */
  boolean isDamaged() {
    return damaged;
  }

  /** The same failure, with the key that it befell. */
  static StoreException withKey(StoreException e, ByteBuf rawKey) {
    return new StoreException(
        e.code(), e.getMessage() + ", raw key " + ByteBufUtil.hexDump(rawKey), e);
  }

  long clockTime() {
    return file.clockTime();
  }

  int valueLength() {
    return file.valueLength();
  }

  /** A copy of the value of the open record, which the caller releases. */
  ByteBuf value(long recid) {
    int length = file.valueLength();
    ByteBuf value = ByteBufAllocator.DEFAULT.directBuffer(length);
    try {
      file.readValue(recid, value, length);
      return value;
    } catch (RuntimeException e) {
      value.release();
      throw e;
    }
  }

  /** Appends the value of the open record and returns its length; all of it or nothing. */
  int appendValue(long recid, ByteBuf out) {
    int length = file.valueLength();
    int before = out.writerIndex();
    try {
      file.readValue(recid, out, length);
      return length;
    } catch (RuntimeException e) {
      out.writerIndex(before);
      throw e;
    }
  }

  /** Stores a record, over the located one if its recid is not 0. */
  void put(long recid, ByteBuf rawKey, ByteBuf rawValue, long lsn) {
    long former = 0;
    if (recid == 0) {
      index.insert(
          RawRecords.head(rawKey), fingerprint.of(rawKey), file.insert(rawKey, rawValue, lsn));
    } else if (damaged) {
      index.remove(RawRecords.head(rawKey), fingerprint.of(rawKey), recid);
      forget(recid);
      index.pageOf(RawRecords.head(rawKey)).forgetDigest();
      put(0, rawKey, rawValue, lsn);
      return;
    } else {
      count(file.keyLength(), file.valueLength(), -1);
      former = file.clockTime();
      file.replace(recid, rawKey, rawValue, lsn);
    }
    digest(rawKey, recid != 0, former, RawRecords.head(rawValue));
    count(rawKey.readableBytes(), rawValue.readableBytes(), 1);
    observe(RawRecords.head(rawValue));
  }

  /** Takes the located record out. */
  void remove(long recid, ByteBuf rawKey) {
    index.remove(RawRecords.head(rawKey), fingerprint.of(rawKey), recid);
    if (damaged) {
      forget(recid);
      index.pageOf(RawRecords.head(rawKey)).forgetDigest();
    } else {
      IndexPage page = index.pageOf(RawRecords.head(rawKey));
      if (page.isSummed()) {
        page.subtractDigest(RecordDigest.of(rawKey, file.clockTime()));
      }
      count(file.keyLength(), file.valueLength(), -1);
      file.delete(recid);
    }
  }

  /** Tells the page of a key that is there, or was replaced. */
  private void digest(ByteBuf rawKey, boolean replaced, long former, long clockTime) {
    IndexPage page = index.pageOf(RawRecords.head(rawKey));
    if (page.isSummed()) {
      long key = RecordDigest.ofKey(rawKey);
      if (replaced) {
        page.subtractDigest(RecordDigest.step(key, former));
      }
      page.addDigest(RecordDigest.step(key, clockTime));
    }
  }

  /**
   * Of the sound records in these slots whose hash lies between the two, both included. Places
   * first, then hashes, then records, so that the processor has many reads under way.
   *
   * @param damagedRecord told of each recid whose record is not sound, while that is open
   */
  RangeDigest digest(long[] slots, long fromHash, long toHash, LongConsumer damagedRecord) {
    long[] hashes = new long[slots.length];
    for (int i = 0; i < slots.length; i++) {
      hashes[i] = file.places().place(slots[i] & OffHeapIndex.MAX_RECID);
    }
    for (int i = 0; i < slots.length; i++) {
      hashes[i] = file.places().hashAt(hashes[i]);
    }
    DigestSum sum = new DigestSum();
    for (int i = 0; i < slots.length; i++) {
      if (Long.compareUnsigned(hashes[i], fromHash) >= 0
          && Long.compareUnsigned(hashes[i], toHash) <= 0) {
        digest(slots[i] & OffHeapIndex.MAX_RECID, sum, damagedRecord);
      }
    }
    return sum.digest();
  }

  private void digest(long recid, DigestSum sum, LongConsumer damagedRecord) {
    if (!file.isPresent(recid)) {
      return; // No scan shows it either.
    }
    if (file.isSound()) {
      sum.add(file.digest());
    } else {
      damagedRecord.accept(recid);
    }
  }

  /** The bytes of a damaged record are not known, so those of the counts stay too many. */
  private void forget(long recid) {
    file.abandon(recid);
    if (uncounted > 0) {
      uncounted--;
    } else {
      live--;
    }
  }

  /**
   * Stores a record also in a copy that lacks its key and has the same seed. The slot is one of the
   * index, perhaps gone by now.
   *
   * @param grow as in {@link RecordFile#ensureRoom}; what the copy has no room for yet is thrown
   * @return whether the record is damaged: then the copy has a damaged one in its place, for nobody
   *     may take it for one that never was
   */
  public boolean copyTo(ShardData copy, long slot, Runnable grow) {
    if (!index.contains(slot)) {
      return false;
    }
    try {
      copy.file.ensureRoom(bytesOf(slot & OffHeapIndex.MAX_RECID), grow);
      copySound(copy, slot & OffHeapIndex.MAX_RECID);
      return false;
    } catch (StoreException e) {
      if (e.code() != StoreException.Code.CORRUPT) {
        throw e;
      }
      copyDamaged(copy, slot);
      return true;
    }
  }

  private int bytesOf(long recid) {
    file.open(recid);
    return file.isSound() ? file.keyLength() + file.valueLength() : 0;
  }

  private void copyDamaged(ShardData copy, long slot) {
    byte[] rawKey = new byte[Long.BYTES];
    try {
      file.open(slot & OffHeapIndex.MAX_RECID);
      rawKey = file.hasReadableKey() ? file.key() : rawKey;
    } catch (StoreException e) {
      // The slot alone leads to it then.
    }
    copy.index.insertLike(slot, copy.file.insertDamaged(rawKey));
    copy.uncounted++;
  }

  private void copySound(ShardData copy, long recid) {
    file.open(recid);
    if (!file.isSound()) {
      throw file.corrupt(recid, null);
    }
    ByteBuf rawKey = Unpooled.wrappedBuffer(file.key());
    if (copy.locate(rawKey) == 0) {
      ByteBuf rawValue = value(recid);
      try {
        copy.put(0, rawKey, rawValue, file.lsn());
      } finally {
        rawValue.release();
      }
    }
  }

  /** Counts a ClockTime as one that was here. */
  public void observe(long clockTime) {
    if (Long.compareUnsigned(clockTime, largestClockTime) > 0) {
      largestClockTime = clockTime;
    }
  }

  /** Makes a change that the log holds, whatever the record is now. */
  public void replay(RedoLogReader record) {
    ByteBuf rawKey = record.key();
    long recid = locate(rawKey);
    if (record.operation() == LogFormat.PUT) {
      put(recid, rawKey, record.value(), record.position());
    } else if (recid != 0) {
      remove(recid, rawKey);
    }
  }

  /** Adds the open record, found in the file, to the index and, when sound, to the counts. */
  public void adopt(long recid) {
    index.insert(file.hash(), file.fingerprint(fingerprint), recid);
    index.pageOf(file.hash()).forgetDigest();
    if (file.isSound()) {
      count(file.keyLength(), file.valueLength(), 1);
    } else {
      uncounted++;
    }
  }

  /** Records known to be damaged when the file was walked. */
  public long uncounted() {
    return uncounted;
  }

  private void count(int keyLength, int valueLength, int sign) {
    long bytes = sign * (long) (keyLength + valueLength);
    if (valueLength == Store.TOMBSTONE_BYTES) {
      tombstones += sign;
      tombstoneBytes += bytes;
    } else {
      live += sign;
      liveBytes += bytes;
    }
  }

  public ShardCounts counts() {
    return new ShardCounts(live, tombstones, liveBytes, tombstoneBytes, largestClockTime);
  }

  /** Lets go of the memory; nobody may touch the data afterwards. */
  public void close() {
    file.close();
    index.release();
  }

  public RecordFile file() {
    return file;
  }

  public OffHeapIndex index() {
    return index;
  }

  public KeyFingerprint fingerprint() {
    return fingerprint;
  }
}
