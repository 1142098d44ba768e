package io.kumo.server.rebalance;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.core.transport.Transport;
import io.kumo.server.replica.Checksums;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks up which records of a question are here: as much in one turn of the loop as values of a
 * bounded length cost to sum up, for a question may be about a thousand large ones. Confined to the
 * main loop.
 */
final class RecordCheck {
  /** A fraction of a millisecond of checksums; a single larger value is summed up all the same. */
  static final int TURN_BYTES = 512 << 10;

  /** What a look at a record costs beside its bytes. */
  private static final int RECORD_BYTES = 512;

  /** Hears of the end, once. */
  interface Checked {
    /** One byte a record: 1 it is here, 0 it is not. */
    void found(byte[] has);

    void failed(StoreException e);
  }

  private final Transport main;
  private final Store store;
  private final Checked listener;
  private final byte[] has;
  private List<ConfirmRecords.RecordVersion> entries;
  private boolean ownsEntries;
  private int next;

  /**
   * @param entries their keys are borrowed for the length of the first {@link #run}
   */
  RecordCheck(
      Transport main, Store store, List<ConfirmRecords.RecordVersion> entries, Checked listener) {
    this.main = main;
    this.store = store;
    this.entries = entries;
    this.listener = listener;
    this.has = new byte[entries.size()];
  }

  void run() {
    long left = TURN_BYTES;
    try {
      for (; next < has.length && left > 0; next++) {
        left -= RECORD_BYTES + look(entries.get(next));
      }
    } catch (StoreException e) {
      listener.failed(e);
      return;
    }
    if (next == has.length) {
      listener.found(has);
    } else {
      ownEntries();
      main.atNextTurn(this::run);
    }
  }

  private void ownEntries() {
    if (!ownsEntries) {
      ownsEntries = true;
      List<ConfirmRecords.RecordVersion> copies = new ArrayList<>(entries.size());
      for (ConfirmRecords.RecordVersion entry : entries) {
        ByteBuf key = Unpooled.copiedBuffer(entry.key());
        copies.add(new ConfirmRecords.RecordVersion(key, entry.clockTime(), entry.checksum()));
      }
      entries = copies;
    }
  }

  /** Returns the bytes read. A damaged record counts as missing, so that it is given anew. */
  private int look(ConfirmRecords.RecordVersion entry) {
    try {
      if (entry.checksum() != ConfirmRecords.RecordVersion.ANY_VALUE) {
        return lookAtValue(entry);
      }
      long own = store.clockTime(entry.key());
      has[next] = (byte) (own != 0 && ClockTime.compare(own, entry.clockTime()) >= 0 ? 1 : 0);
      return 0;
    } catch (StoreException e) {
      if (e.code() == StoreException.Code.CORRUPT) {
        return 0;
      }
      throw e;
    }
  }

  private int lookAtValue(ConfirmRecords.RecordVersion entry) {
    ByteBuf own = store.get(entry.key());
    if (own == null) {
      return 0;
    }
    try {
      int bytes = own.readableBytes();
      int order = ClockTime.compare(own.getLong(own.readerIndex()), entry.clockTime());
      boolean same = order == 0 && Integer.toUnsignedLong(Checksums.of(own)) == entry.checksum();
      has[next] = (byte) (order > 0 || same ? 1 : 0);
      return bytes;
    } finally {
      own.release();
    }
  }
}
