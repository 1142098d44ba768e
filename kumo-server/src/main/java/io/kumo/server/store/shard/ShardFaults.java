package io.kumo.server.store.shard;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.kumo.server.store.RawRecords;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.mapdb.RecordFile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** What a shard says of what it could not read. Under the lock of the shard. */
final class ShardFaults {
  private final ShardCopies copies;
  private final DamageLog damage;

  ShardFaults(ShardCopies copies, DamageLog damage) {
    this.copies = copies;
    this.damage = damage;
  }

  /** What Java makes of a mapped page that the disk cannot give. */
  StoreException unreadable(InternalError e) {
    return new StoreException(
        StoreException.Code.IO,
        "%s cannot be read: the disk fails (%s)"
            .formatted(copies.data().file().name(), e.getMessage()),
        e);
  }

  /** Keeps what is damaged in mind, and says whose record it is. */
  @CanIgnoreReturnValue
  StoreException noted(StoreException e, ByteBuf rawKey) {
    if (e.code() != StoreException.Code.CORRUPT) {
      return e;
    }
    StoreException withKey = ShardData.withKey(e, rawKey);
    damage.found(RawRecords.bytes(rawKey), withKey);
    return withKey;
  }

  /** A scan met this damaged record, which is open. */
  void found(long recid) {
    RecordFile file = copies.data().file();
    if (file.hasReadableKey()) {
      noted(file.corrupt(recid, null), Unpooled.wrappedBuffer(file.key()));
    }
  }
}
