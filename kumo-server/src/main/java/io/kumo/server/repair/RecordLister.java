package io.kumo.server.repair;

import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.extended.RecordList;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import io.kumo.server.store.Sweeper;
import io.kumo.server.write.ClientWrites;
import io.kumo.server.write.round.WriteContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists the records of a store that one node coordinates, a page at a time, by raw key. Both sides
 * of anti-entropy use it, so that they compare like with like. Main loop only; a page costs a
 * millisecond or two.
 *
 * <p>Bounds: a page looks at {@value #RECORDS_A_PAGE} records or {@value #BYTES_A_PAGE} bytes of
 * keys, then at those that share the hash of its last one, up to {@link RecordList#MAX_ENTRIES} in
 * all.
 */
final class RecordLister {
  private static final int RECORDS_A_PAGE = 1024;
  private static final long BYTES_A_PAGE = 1 << 20;

  private final Store store;
  private final long tombstoneWatermark;

  /**
   * @param tombstoneWatermark up to where this server drops tombstones and expired items: those are
   *     left out, as the other server may have dropped them already
   */
  RecordLister(Store store, long tombstoneWatermark) {
    this.store = store;
    this.tombstoneWatermark = tombstoneWatermark;
  }

  /** What this server has now. */
  static RecordLister of(WriteContext context) {
    return new RecordLister(context.store(), context.books().tombstoneWatermark().getAsLong());
  }

  /**
   * Whether a page may lack records of its last hash: more keys share it than a page can hold, as
   * only a client that makes up hashes brings about.
   */
  static boolean isCut(RecordList page) {
    return page.entries().size() >= RecordList.MAX_ENTRIES;
  }

  /** One page of a range, with keys in memory of their own. */
  RecordList page(HashSpace space, NodeAddress coordinator, HashRange range) {
    List<RecordList.Entry> entries = new ArrayList<>();
    Cursor rest =
        scan(space, coordinator, Cursor.range(range.from(), range.to()), RECORDS_A_PAGE, entries);
    if (rest.isDone()) {
      return new RecordList(true, 0, entries, null);
    }
    // The next page begins with the hash after the last one, so the records of that hash must all
    // be in this one.
    long last = rest.fromHash();
    entries.removeIf(entry -> RawKey.hash(entry.key()) == last);
    Cursor same = Cursor.range(last, last);
    for (int room = room(entries); !same.isDone() && room > 0; room = room(entries)) {
      same = scan(space, coordinator, same, Math.min(room, RECORDS_A_PAGE), entries);
    }
    return last == range.to()
        ? new RecordList(true, 0, entries, null)
        : new RecordList(false, last + 1, entries, null);
  }

  private static int room(List<RecordList.Entry> entries) {
    return RecordList.MAX_ENTRIES - entries.size();
  }

  private Cursor scan(
      HashSpace space,
      NodeAddress coordinator,
      Cursor from,
      int records,
      List<RecordList.Entry> into) {
    return store.scan(
        from,
        new ScanLimits(records, BYTES_A_PAGE, Sweeper.ITEM_HEADER_BYTES),
        (rawKey, rawValue, valueLength) -> {
          if (coordinator.equals(space.coordinator(RawKey.hash(rawKey)))
              && !Sweeper.isDroppable(rawValue, valueLength, tombstoneWatermark)) {
            long clockTime = rawValue.getLong(rawValue.readerIndex());
            into.add(new RecordList.Entry(ClientWrites.copy(rawKey), clockTime));
          }
          return true;
        });
  }
}
