package io.kumo.core.protocol.store;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * Result of {@link GetStoreUsage}: {@code [live, tombstones, live bytes, tombstone bytes, file
 * bytes, free bytes, log bytes, damaged, task]}.
 *
 * @param live records that are not tombstones
 * @param tombstones traces of deletes
 * @param liveBytes keys and values of live records
 * @param tombstoneBytes keys and values of tombstones
 * @param fileBytes length of the data files
 * @param freeBytes of these, space that new records will use
 * @param logBytes length of the redo log
 * @param damaged records found with a wrong checksum and not repaired since the start
 */
public record StoreUsage(
    long live,
    long tombstones,
    long liveBytes,
    long tombstoneBytes,
    long fileBytes,
    long freeBytes,
    long logBytes,
    long damaged,
    StoreTask task) {
  private static final int LENGTH = 9;

  public static StoreUsage read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long live = MsgPack.readUnsigned(in);
    long tombstones = MsgPack.readUnsigned(in);
    long liveBytes = MsgPack.readUnsigned(in);
    long tombstoneBytes = MsgPack.readUnsigned(in);
    long fileBytes = MsgPack.readUnsigned(in);
    long freeBytes = MsgPack.readUnsigned(in);
    long logBytes = MsgPack.readUnsigned(in);
    long damaged = MsgPack.readUnsigned(in);
    return new StoreUsage(
        live,
        tombstones,
        liveBytes,
        tombstoneBytes,
        fileBytes,
        freeBytes,
        logBytes,
        damaged,
        StoreTask.read(in));
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, live);
    MsgPack.writeUnsigned(out, tombstones);
    MsgPack.writeUnsigned(out, liveBytes);
    MsgPack.writeUnsigned(out, tombstoneBytes);
    MsgPack.writeUnsigned(out, fileBytes);
    MsgPack.writeUnsigned(out, freeBytes);
    MsgPack.writeUnsigned(out, logBytes);
    MsgPack.writeUnsigned(out, damaged);
    task.write(out);
  }
}
