package io.kumo.server.store.shard;

import io.kumo.server.store.Modification;
import io.kumo.server.store.RawRecords;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.WriteResult;
import io.kumo.server.store.disk.FaultPoint;
import io.kumo.server.store.log.LogFormat;
import io.kumo.server.store.log.RedoLog;
import io.kumo.server.store.log.WriteGate;
import io.kumo.server.store.snapshot.KeptRecords;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Changes the records of a shard: the redo log first, then memory. If memory cannot follow the log,
 * the log takes nothing more. Under the lock of the shard.
 */
final class ShardWriter {
  private final int number;
  private final ShardCopies copies;
  private final RedoLog log;
  private final WriteGate gate;
  private final DamageLog damage;
  private @Nullable KeptRecords kept;

  ShardWriter(int number, ShardCopies copies, RedoLog log, WriteGate gate, DamageLog damage) {
    this.number = number;
    this.copies = copies;
    this.log = log;
    this.gate = gate;
    this.damage = damage;
  }

  WriteResult update(ByteBuf rawKey, ByteBuf rawValue, long gatewayIncarnation, long sequence) {
    ShardData data = copies.data();
    long recid = data.locate(rawKey);
    if (recid != 0 && !data.isDamaged() && !isNewer(data, recid, rawValue)) {
      return new WriteResult(false, data.clockTime(), log.end());
    }
    return write(recid, rawKey, rawValue, gatewayIncarnation, sequence);
  }

  private static boolean isNewer(ShardData data, long recid, ByteBuf rawValue) {
    int order = Long.compareUnsigned(RawRecords.head(rawValue), data.clockTime());
    if (order != 0) {
      return order > 0;
    }
    ByteBuf stored;
    try {
      stored = data.value(recid);
    } catch (StoreException e) {
      return true; // A chunk is damaged; the same value from a replica repairs it.
    }
    try {
      return RawRecords.isNewer(rawValue, stored);
    } finally {
      stored.release();
    }
  }

  /** Modifies the record that is open; with recid 0 there is none. */
  WriteResult modify(
      long recid,
      ByteBuf rawKey,
      Modification modification,
      long gatewayIncarnation,
      long sequence) {
    ShardData data = copies.data();
    ByteBuf current = recid == 0 ? null : data.value(recid);
    ByteBuf replacement = null;
    try {
      long clockTime = recid == 0 ? 0 : data.clockTime();
      replacement = modification.apply(current);
      if (replacement == null) {
        return new WriteResult(false, clockTime, log.end());
      }
      RawRecords.checkValue(replacement);
      gate.checkRoom(replacement);
      return write(recid, rawKey, replacement, gatewayIncarnation, sequence);
    } finally {
      if (replacement != null) {
        replacement.release();
      }
      if (current != null) {
        current.release();
      }
    }
  }

  private WriteResult write(
      long recid, ByteBuf rawKey, ByteBuf rawValue, long gatewayIncarnation, long sequence) {
    copies.ensureRoom(rawKey.readableBytes() + rawValue.readableBytes());
    copies.ensureIndexRoom(rawKey, recid == 0);
    KeptRecords snapshot = kept;
    if (snapshot != null && recid != 0 && !copies.data().isDamaged()) {
      if (snapshot.wants(copies.data().clockTime(), RawRecords.head(rawValue))) {
        keep(snapshot, recid, rawKey);
      }
    }
    long position = log.append(LogFormat.PUT, gatewayIncarnation, sequence, rawKey, rawValue);
    try {
      copies.put(recid, rawKey, rawValue, position);
    } catch (RuntimeException | Error e) {
      throw parted(e);
    }
    FaultPoint.APPLIED.reach();
    damage.written(rawKey);
    copies.account();
    return new WriteResult(true, RawRecords.head(rawValue), position);
  }

  /** Takes out the record that is open. */
  void remove(long recid, ByteBuf rawKey) {
    copies.ensureRoom(0);
    KeptRecords snapshot = kept;
    if (snapshot != null && snapshot.wants(copies.data().clockTime())) {
      keep(snapshot, recid, rawKey);
    }
    log.append(LogFormat.REMOVE, 0, 0, rawKey, null);
    try {
      copies.remove(recid, rawKey);
    } catch (RuntimeException | Error e) {
      throw parted(e);
    }
    copies.account();
  }

  /** Has records kept from now on that a snapshot wants; null for none. */
  void keepFor(@Nullable KeptRecords snapshot) {
    kept = snapshot;
  }

  /** Of the located record, before anything else is in its place. */
  private void keep(KeptRecords snapshot, long recid, ByteBuf rawKey) {
    ByteBuf value;
    try {
      value = copies.data().value(recid);
    } catch (StoreException e) {
      snapshot.fail("a record is damaged: " + e.getMessage());
      return;
    }
    try {
      snapshot.keep(RawRecords.bytes(rawKey), RawRecords.bytes(value));
    } finally {
      value.release();
    }
  }

  private StoreException parted(Throwable cause) {
    StoreException failure =
        new StoreException(
            StoreException.Code.IO,
            "shard %d cannot apply what the log holds (%s); restart the server"
                .formatted(number, cause),
            cause);
    log.fail(failure);
    return failure;
  }
}
