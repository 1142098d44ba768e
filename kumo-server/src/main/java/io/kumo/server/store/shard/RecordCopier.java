package io.kumo.server.store.shard;

import io.kumo.server.store.StoreException;
import io.kumo.server.store.mapdb.RecordFile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Stores records of a shard also in a copy that is to take their place and has the same seed. Under
 * the lock of the shard.
 */
public final class RecordCopier {
  private final ShardData from;
  private final ShardData copy;
  private final Runnable grow;

  /**
   * One copy of some data.
   *
   * @param grow as in {@link RecordFile#ensureRoom}; what the copy has no room for yet is thrown
   */
  public RecordCopier(ShardData from, ShardData copy, Runnable grow) {
    this.from = from;
    this.copy = copy;
    this.grow = grow;
  }

  /**
   * Copies a record whose key the copy lacks.
   *
   * @param slot one of the index, perhaps gone by now
   * @return whether the record is damaged: then the copy has a damaged one in its place, for nobody
   *     may take it for one that never was
   */
  public boolean copy(long slot) {
    if (!from.index().contains(slot)) {
      return false;
    }
    copy.index().ensureRoomLike(slot);
    try {
      copy.file().ensureRoom(bytesOf(slot & OffHeapIndex.MAX_RECID), grow);
      copySound(slot & OffHeapIndex.MAX_RECID);
      return false;
    } catch (StoreException e) {
      if (e.code() != StoreException.Code.CORRUPT) {
        throw e;
      }
      copyDamaged(slot);
      return true;
    }
  }

  private int bytesOf(long recid) {
    RecordFile file = from.file();
    file.open(recid);
    return file.isSound() ? file.keyLength() + file.valueLength() : 0;
  }

  private void copyDamaged(long slot) {
    RecordFile file = from.file();
    byte[] rawKey = new byte[Long.BYTES];
    try {
      file.open(slot & OffHeapIndex.MAX_RECID);
      rawKey = file.hasReadableKey() ? file.key() : rawKey;
    } catch (StoreException e) {
      // The slot alone leads to it then.
    }
    copy.putDamaged(slot, rawKey);
  }

  private void copySound(long recid) {
    RecordFile file = from.file();
    file.open(recid);
    if (!file.isSound()) {
      throw file.corrupt(recid, null);
    }
    ByteBuf rawKey = Unpooled.wrappedBuffer(file.key());
    if (copy.locate(rawKey) == 0) {
      ByteBuf rawValue = from.value(recid);
      try {
        copy.put(0, rawKey, rawValue, file.lsn());
      } finally {
        rawValue.release();
      }
    }
  }
}
