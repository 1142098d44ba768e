package io.kumo.server.replicate;

import io.kumo.core.protocol.RecordList;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists the records of a store that one node coordinates, a page at a time, by raw key. Both sides
 * of a settlement use it, so that they compare like with like. Main loop only; a page costs a
 * millisecond or two.
 */
final class RecordLister {
  private static final int RECORDS_A_PAGE = 1024;
  private static final long LAST_HASH = -1L;

  private final Store store;

  RecordLister(Store store) {
    this.store = store;
  }

  /** One page from {@code fromHash} on, with keys in memory of their own. */
  RecordList page(HashSpace space, NodeAddress coordinator, long fromHash) {
    return list(space, coordinator, Cursor.range(fromHash, LAST_HASH));
  }

  /** All records from {@code fromHash} up to, without, {@code endHash}, which is above it. */
  List<RecordList.Entry> range(
      HashSpace space, NodeAddress coordinator, long fromHash, long endHash) {
    List<RecordList.Entry> all = new ArrayList<>();
    Cursor cursor = Cursor.range(fromHash, endHash - 1);
    while (!cursor.isDone()) {
      cursor = scan(space, coordinator, cursor, all);
    }
    return all;
  }

  private RecordList list(HashSpace space, NodeAddress coordinator, Cursor from) {
    List<RecordList.Entry> entries = new ArrayList<>();
    Cursor rest = scan(space, coordinator, from, entries);
    if (rest.isDone()) {
      return new RecordList(true, 0, entries, null);
    }
    // The next page begins with the hash after the last one, so the records of that hash must all
    // be in this one.
    long last = rest.fromHash();
    Cursor same = Cursor.range(last, last);
    entries.removeIf(entry -> Reads.hash(entry.key()) == last);
    while (!same.isDone()) {
      same = scan(space, coordinator, same, entries);
    }
    return last == LAST_HASH
        ? new RecordList(true, 0, entries, null)
        : new RecordList(false, last + 1, entries, null);
  }

  private Cursor scan(
      HashSpace space, NodeAddress coordinator, Cursor from, List<RecordList.Entry> into) {
    ScanLimits limits = ScanLimits.headers(RECORDS_A_PAGE, Store.TOMBSTONE_BYTES);
    return store.scan(
        from,
        limits,
        (rawKey, rawValue, valueLength) -> {
          if (coordinator.equals(space.coordinator(Reads.hash(rawKey)))) {
            long clockTime = rawValue.getLong(rawValue.readerIndex());
            into.add(new RecordList.Entry(ClientWrites.copy(rawKey), clockTime));
          }
          return true;
        });
  }
}
