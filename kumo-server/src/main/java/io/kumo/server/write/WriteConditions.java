package io.kumo.server.write;

import io.kumo.core.protocol.DiskFull;
import io.kumo.core.protocol.TooFewCopies;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.store.Store;
import io.kumo.server.write.round.WriteContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What has to hold for a record to be written, and is counted when it does not. */
final class WriteConditions {
  private WriteConditions() {}

  /** Why a record may not be written now; null when it may. */
  static @Nullable String objection(WriteContext context, long hash, ByteBuf rawValue) {
    String objection = tooFewCopies(context, hash);
    if (objection != null) {
      return objection;
    }
    boolean grows = rawValue.readableBytes() > Store.TOMBSTONE_BYTES;
    return grows && context.store().fullness() != null ? diskFull(context) : null;
  }

  /** Why what is written has too few copies; null when it has enough. */
  static @Nullable String tooFewCopies(WriteContext context, long hash) {
    int active = context.spaces().current().write().activeReplicas(hash).size();
    int required = context.limits().minCopies();
    if (active >= required) {
      return null;
    }
    context.metrics().add(ServerMetric.TOO_FEW_COPIES);
    return TooFewCopies.of(active, required);
  }

  static String diskFull(WriteContext context) {
    context.metrics().add(ServerMetric.DISK_FULL_REFUSALS);
    return DiskFull.on(context.spaces().self());
  }
}
