package io.kumo.server.snapshot;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.item.Item;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.protocol.snapshot.ScanSnapshot;
import io.kumo.core.protocol.snapshot.SnapshotPage;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.StoreSnapshot;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * The records of this server in a snapshot of the cluster: those of the keys that it coordinated
 * when the snapshot was opened, and, in place of servers that are gone, those that they did.
 * Immutable; pages are read by one thread at a time.
 */
final class SnapshotPart {
  private final StoreSnapshot records;
  private final HashSpace ring;
  private final NodeAddress self;
  private final long flushClockTime;

  /**
   * @param records closed with the snapshot
   * @param ring by which writes went when it was opened
   * @param flushClockTime records up to it are absent
   */
  SnapshotPart(StoreSnapshot records, HashSpace ring, NodeAddress self, long flushClockTime) {
    this.records = records;
    this.ring = ring;
    this.self = self;
    this.flushClockTime = flushClockTime;
  }

  StoreSnapshot records() {
    return records;
  }

  /**
   * @throws io.kumo.server.store.StoreException when it is not whole any more
   */
  SnapshotPage page(ScanSnapshot question) {
    ByteBuf after = question.after();
    Cursor from = after == null ? Cursor.all() : Cursor.all().after(ByteBufUtil.getBytes(after));
    List<SnapshotPage.Entry> found = new ArrayList<>();
    Cursor rest =
        records.scan(
            from,
            ScanLimits.records(SnapshotPage.MAX_RECORDS, SnapshotPage.PAGE_BYTES),
            inPlaceOf(question.lost()),
            (rawKey, rawValue, valueLength) -> {
              if (isWanted(rawValue, question.since())) {
                found.add(new SnapshotPage.Entry(rawKey, rawValue));
              }
              return true;
            });
    return new SnapshotPage(rest.isDone() ? null : Unpooled.wrappedBuffer(rest.key()), found);
  }

  private LongPredicate inPlaceOf(List<NodeAddress> lost) {
    List<NodeAddress> first = new ArrayList<>(lost);
    first.add(self);
    return hash -> {
      List<NodeAddress> replicas = ring.activeReplicas(hash);
      return replicas.size() >= first.size() && replicas.subList(0, first.size()).equals(first);
    };
  }

  private boolean isWanted(ByteBuf rawValue, long since) {
    long clockTime = Item.clockTime(rawValue);
    if (ClockTime.compare(clockTime, flushClockTime) <= 0 && flushClockTime != 0) {
      return false;
    }
    long thenSeconds = ClockTime.seconds(records.clockTime());
    return since == 0
        ? Item.isLive(rawValue, ItemLayout.KUMO, thenSeconds, 0)
        : ClockTime.isNewer(clockTime, since);
  }
}
