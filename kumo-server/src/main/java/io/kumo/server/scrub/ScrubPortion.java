package io.kumo.server.scrub;

import io.kumo.server.store.Cursor;
import io.kumo.server.store.RecordVisitor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import io.netty.buffer.ByteBuf;

/** A few records, read for their checksums. One thread at a time. */
final class ScrubPortion implements RecordVisitor {
  /** What a disk reads for the smallest record. */
  static final int PAGE_BYTES = 4096;

  private Cursor cursor;
  private long records;
  private long bytes;
  private long damaged;
  private long cost;

  ScrubPortion(Cursor from) {
    cursor = from;
  }

  /** Reads records that cost so much, or somewhat more. */
  void read(Store store, long budget) {
    int most = (int) Math.max(1, budget / PAGE_BYTES);
    cursor = store.scan(cursor, ScanLimits.checksums(most, budget), this);
  }

  /** Leaves out a part of the ring that cannot be read. */
  void skip(long hashes) {
    long from = cursor.fromHash();
    boolean beyond = Long.compareUnsigned(from + hashes, from) < 0;
    cursor = beyond ? cursor.exhausted() : cursor.from(from + hashes);
  }

  @Override
  public boolean visit(ByteBuf rawKey, ByteBuf rawValue, int valueLength) {
    long length = rawKey.readableBytes() + (long) valueLength;
    records++;
    bytes += length;
    cost += Math.max(PAGE_BYTES, length);
    return true;
  }

  @Override
  public void damaged() {
    damaged++;
    cost += PAGE_BYTES;
  }

  /** Where to go on. */
  Cursor cursor() {
    return cursor;
  }

  /** Sound ones. */
  long records() {
    return records;
  }

  /** Keys and values of the sound ones. */
  long bytes() {
    return bytes;
  }

  /** Ones that have not their checksums. */
  long damagedRecords() {
    return damaged;
  }

  /** What the disk may have had to read, in bytes. */
  long cost() {
    return cost;
  }
}
