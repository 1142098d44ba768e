package io.kumo.server.repair;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.extended.RecordList;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.write.ClientWrites;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a page of this server's records and one of another server's differ, as far as both reach;
 * each lists every record from its first hash to its last. Pure.
 *
 * @param differing raw keys, in memory of their own
 * @param done whether both servers have nothing more to compare
 * @param nextHash where the next pages begin, unless done
 * @param cut whether a page may lack records of its last hash, see {@link RecordLister#isCut}
 */
record PageComparison(List<ByteBuf> differing, boolean done, long nextHash, boolean cut) {
  /**
   * Of keys that are not the other server's it need have nothing; what it has counts when it is
   * newer, as it may be a write in doubt. Borrows the pages.
   */
  static PageComparison of(
      HashSpace write, NodeAddress replica, RecordList ours, RecordList theirs) {
    RecordList shorter = endsBefore(theirs, ours) ? theirs : ours;
    List<ByteBuf> differing = new ArrayList<>();
    Map<ByteBuf, Long> own = new HashMap<>();
    for (RecordList.Entry entry : ours.entries()) {
      if (covers(shorter, entry)) {
        own.put(entry.key(), entry.clockTime());
      }
    }
    for (RecordList.Entry entry : theirs.entries()) {
      Long mine = own.remove(entry.key());
      long known = mine == null ? 0 : mine;
      boolean differs = isReplica(write, replica, entry.key()) && entry.clockTime() != known;
      if (covers(shorter, entry) && (differs || ClockTime.isNewer(entry.clockTime(), known))) {
        differing.add(ClientWrites.copy(entry.key()));
      }
    }
    own.keySet().stream()
        .filter(key -> isReplica(write, replica, key))
        .forEach(key -> differing.add(ClientWrites.copy(key)));
    boolean cut = RecordLister.isCut(ours) || RecordLister.isCut(theirs);
    return new PageComparison(differing, shorter.done(), shorter.nextHash(), cut);
  }

  private static boolean endsBefore(RecordList page, RecordList other) {
    return !page.done()
        && (other.done() || Long.compareUnsigned(page.nextHash(), other.nextHash()) < 0);
  }

  private static boolean covers(RecordList page, RecordList.Entry entry) {
    return page.done() || Long.compareUnsigned(RawKey.hash(entry.key()), page.nextHash()) < 0;
  }

  private static boolean isReplica(HashSpace write, NodeAddress replica, ByteBuf key) {
    return write.activeReplicas(RawKey.hash(key)).contains(replica);
  }
}
