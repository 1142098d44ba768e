package io.kumo.server.store;

import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The records of a store as they were at a ClockTime, while writes go on: of each key the newest
 * record that is not newer. What is overwritten meanwhile is kept, within a bound. Thread-safe.
 */
public interface StoreSnapshot extends AutoCloseable {
  /** Of records up to here it consists. */
  long clockTime();

  /**
   * As {@link Store#scan}, of these records; whole values, tombstones included. About as many as
   * the limits say, twice as many at most.
   *
   * @param wanted of which hashes
   * @throws StoreException when something that it consists of could not be kept
   */
  Cursor scan(Cursor from, ScanLimits limits, LongPredicate wanted, RecordVisitor visitor);

  /** Why it is not whole any more; null while it is. */
  @Nullable String failure();

  /** Bytes of overwritten records that are kept for it. */
  long keptBytes();

  /** Lets go of what was kept. A second call does nothing. */
  @Override
  void close();
}
