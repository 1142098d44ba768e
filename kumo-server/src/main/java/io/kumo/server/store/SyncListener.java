package io.kumo.server.store;

import org.jspecify.annotations.Nullable;

/** Is told once when a write is as durable as the fsync policy asks, or that it will never be. */
@FunctionalInterface
public interface SyncListener {
  /**
   * Reports the outcome.
   *
   * @param failure null when the write may be acknowledged; otherwise nobody knows whether it
   *     survives
   */
  void synced(@Nullable StoreException failure);
}
