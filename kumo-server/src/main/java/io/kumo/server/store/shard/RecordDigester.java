package io.kumo.server.store.shard;

import io.kumo.core.ring.RangeDigest;
import io.kumo.server.store.DigestSum;
import io.kumo.server.store.mapdb.RecordFile;
import java.util.function.LongConsumer;

/** Adds up the records of one file that a page of the index leads to. Under the shard's lock. */
final class RecordDigester {
  private final RecordFile file;
  private final LongConsumer damagedRecord;

  /**
   * Of one file.
   *
   * @param damagedRecord told of each recid whose record is not sound, while that is open
   */
  RecordDigester(RecordFile file, LongConsumer damagedRecord) {
    this.file = file;
    this.damagedRecord = damagedRecord;
  }

  /**
   * Of the sound records in these slots whose hash lies between the two, both included. Places
   * first, then hashes, then records, so that the processor has many reads under way.
   */
  RangeDigest digest(long[] slots, long fromHash, long toHash) {
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
        add(slots[i] & OffHeapIndex.MAX_RECID, sum);
      }
    }
    return sum.digest();
  }

  private void add(long recid, DigestSum sum) {
    if (!file.isPresent(recid)) {
      return; // No scan shows it either.
    }
    if (file.isSound()) {
      sum.add(file.digest());
    } else {
      damagedRecord.accept(recid);
    }
  }
}
