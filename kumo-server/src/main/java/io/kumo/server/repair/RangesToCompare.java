package io.kumo.server.repair;

import io.kumo.core.protocol.repair.Verify;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Which hashes an order to verify concerns: those within its range that this server coordinates.
 *
 * @param write by which it was begun
 */
record RangesToCompare(Verify order, HashSpace write, NodeAddress self) {
  List<HashRange> coordinated() {
    return where(this::isCoordinated);
  }

  /** Those of which the other is an active replica. */
  List<HashRange> sharedWith(NodeAddress other) {
    return where(hash -> isCoordinated(hash) && write.activeReplicas(hash).contains(other));
  }

  private boolean isCoordinated(long hash) {
    return self.equals(write.coordinator(hash));
  }

  private List<HashRange> where(LongPredicate wanted) {
    List<HashRange> within = new ArrayList<>();
    for (HashRange range : HashRange.where(wanted, write)) {
      long from = max(range.from(), order.range().from());
      long to = min(range.to(), order.range().to());
      if (Long.compareUnsigned(from, to) <= 0) {
        within.add(new HashRange(from, to));
      }
    }
    return within;
  }

  private static long max(long a, long b) {
    return Long.compareUnsigned(a, b) > 0 ? a : b;
  }

  private static long min(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }
}
