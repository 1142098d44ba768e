package io.kumo.server.store;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The decision in the middle of a read-modify-write. */
@FunctionalInterface
public interface Modification {
  /**
   * Borrows the raw value now stored, tombstones included, null when there is no record.
   *
   * @return the raw value to store, which the store takes, or null to leave the record as it is
   */
  @Nullable ByteBuf apply(@Nullable ByteBuf current);
}
