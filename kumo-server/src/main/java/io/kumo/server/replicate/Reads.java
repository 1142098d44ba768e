package io.kumo.server.replicate;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.ring.HashSpace;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.Store;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads of single records: who may ask here, and what counts as absent. Main loop only.
 *
 * <p>A write that is not acknowledged by all replicas is not in the store yet, so what is found is
 * what may be shown.
 */
public final class Reads {
  /** ClockTime and meta; what is shorter is no record that a reader may see. */
  private static final int MIN_RECORD_BYTES = 10;

  private final HashSpaceHolder spaces;
  private final Store store;
  private final ServerMetrics metrics;

  public Reads(HashSpaceHolder spaces, Store store, ServerMetrics metrics) {
    this.spaces = spaces;
    this.store = store;
    this.metrics = metrics;
  }

  /**
   * Whether a gateway of kumofs 0.4.13 may read the key here: an active replica in the read hash
   * space.
   */
  public boolean servesReadSpace(ByteBuf rawKey) {
    HashSpace read = spaces.current().read();
    return read.activeReplicas(hash(rawKey)).contains(spaces.self());
  }

  /** Whether an extended gateway may read the key here: its coordinator. */
  public boolean coordinates(ByteBuf rawKey) {
    return spaces.isCoordinator(hash(rawKey));
  }

  /**
   * Borrows the key and returns the raw value, which the caller releases; null when there is no
   * live record.
   */
  public @Nullable ByteBuf get(ByteBuf rawKey) {
    ByteBuf value = store.get(rawKey);
    if (value == null) {
      return null;
    }
    if (isAbsent(value)) {
      value.release();
      return null;
    }
    return value;
  }

  /** Counts a read that was answered, as the "cmd_get" of kumofs 0.4.13 does. */
  public void count() {
    metrics.add(ServerMetric.GETS);
  }

  private boolean isAbsent(ByteBuf value) {
    if (value.readableBytes() < MIN_RECORD_BYTES) {
      return true;
    }
    long flush = spaces.flushClockTime();
    return flush != 0 && ClockTime.compare(value.getLong(value.readerIndex()), flush) <= 0;
  }

  static long hash(ByteBuf rawKey) {
    return rawKey.getLong(rawKey.readerIndex());
  }
}
