package io.kumo.server.store.shard;

import io.kumo.core.item.RecordDigest;
import io.kumo.server.store.RawRecords;
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

  private final RecordTally tally;

  private final OffHeapIndex.Matcher matcher = this::isWanted;
  private ByteBuf wanted = Unpooled.EMPTY_BUFFER;
  private long damagedRecid;
  private boolean damaged;

  public ShardData(
      RecordFile file, OffHeapIndex index, KeyFingerprint fingerprint, ShardCounts counts) {
    this.file = file;
    this.index = index;
    this.fingerprint = fingerprint;
    tally = new RecordTally(counts);
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
      tally.subtract(file.keyLength(), file.valueLength());
      former = file.clockTime();
      file.replace(recid, rawKey, rawValue, lsn);
    }
    digest(rawKey, recid != 0, former, RawRecords.head(rawValue));
    tally.add(rawKey.readableBytes(), rawValue.readableBytes());
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
      tally.subtract(file.keyLength(), file.valueLength());
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

  private void forget(long recid) {
    file.abandon(recid);
    tally.subtractDamaged();
  }

  /** Puts a damaged record where a slot of another index led to one. */
  void putDamaged(long slot, byte[] rawKey) {
    index.insertLike(slot, file.insertDamaged(rawKey));
    tally.addUncounted();
  }

  /** Counts a ClockTime as one that was here. */
  public void observe(long clockTime) {
    tally.observe(clockTime);
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
      tally.add(file.keyLength(), file.valueLength());
    } else {
      tally.addUncounted();
    }
  }

  /** Records known to be damaged when the file was walked. */
  public long uncounted() {
    return tally.uncounted();
  }

  public ShardCounts counts() {
    return tally.counts();
  }

  /** Lets go of the memory; nobody may touch the data afterwards. */
  public void close() {
    file.close();
    index.release();
  }

  /** As {@link #close}, of a file that nobody will open again. */
  public void abandon() {
    file.volume().close();
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
