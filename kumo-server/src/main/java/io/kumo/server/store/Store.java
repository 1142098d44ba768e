package io.kumo.server.store;

import io.kumo.core.item.RecordDigest;
import io.kumo.core.metrics.Distribution;
import io.netty.buffer.ByteBuf;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The records of one server. Keys and values are the whole raw strings of the wire, stored
 * unchanged: a raw key is 8 bytes hash (big endian) + user key, a raw value is 8 bytes ClockTime
 * (big endian) + 2 bytes meta + payload, or the ClockTime alone, which is a tombstone. The store
 * trusts the hash and looks into a value no further than these 8 bytes (and, when it sweeps, the
 * header of a kumo item).
 *
 * <p>Thread-safe. Reads and writes are short and wait for nothing, so that an event loop calls them
 * directly: a write for which checkpoints, log segments or files are not ready throws {@link
 * StoreException.Code#BUSY}, and succeeds when it is tried again in a moment. {@link #backup},
 * {@link #compact}, {@link #sync} and {@link #close} block and belong on a thread of their own. A
 * write that returned is visible to every later read, and has a {@linkplain WriteResult#position()
 * position}; {@link #whenDurable} says when the fsync policy is satisfied for it, which is when it
 * may be acknowledged.
 *
 * <p>Every method may throw {@link StoreException}, whose code says what failed. A write that threw
 * has changed nothing.
 */
public interface Store extends AutoCloseable {
  /** The longest raw key in bytes. */
  int MAX_KEY_BYTES = 32_768;

  /** The longest raw value in bytes: 128 MiB of data and its headers. */
  int MAX_VALUE_BYTES = (128 << 20) + 64;

  /** The length of a raw value that is a tombstone. */
  int TOMBSTONE_BYTES = 8;

  /**
   * Borrows the key and returns a copy of the raw value that the caller releases, tombstones
   * included; null when there is no record.
   */
  @Nullable ByteBuf get(ByteBuf rawKey);

  /** What {@link #read} returns when there is no record. */
  int NO_RECORD = -1;

  /**
   * As {@link #get}, but appends the raw value to a buffer, which spares a copy. Borrows both.
   *
   * @return the bytes appended, or {@link #NO_RECORD}
   */
  default int read(ByteBuf rawKey, ByteBuf out) {
    ByteBuf value = get(rawKey);
    if (value == null) {
      return NO_RECORD;
    }
    try {
      int length = value.readableBytes();
      out.writeBytes(value);
      return length;
    } finally {
      value.release();
    }
  }

  /** For one thread that reads several keys after one another. */
  default ReadAhead readAhead() {
    return ReadAhead.NONE;
  }

  /** Borrows the key and returns the ClockTime of its record or tombstone, 0 when there is none. */
  long clockTime(ByteBuf rawKey);

  /** {@link #update(ByteBuf, ByteBuf, long, long)} for a write without a request id. */
  default WriteResult update(ByteBuf rawKey, ByteBuf rawValue) {
    return update(rawKey, rawValue, 0, 0);
  }

  /**
   * Stores the value if it is newer than the record: its ClockTime is greater by unsigned 64-bit
   * comparison, or equal and its bytes are greater (unsigned, lexicographic). Both buffers are
   * borrowed. The request id is what {@link #recentRequests} shows after a restart.
   *
   * @param gatewayIncarnation of the request that caused the write, 0 for none
   * @param sequence of that request
   */
  WriteResult update(ByteBuf rawKey, ByteBuf rawValue, long gatewayIncarnation, long sequence);

  /** {@link #modify(ByteBuf, Modification, long, long)} for a write without a request id. */
  default WriteResult modify(ByteBuf rawKey, Modification modification) {
    return modify(rawKey, modification, 0, 0);
  }

  /**
   * Reads, decides and writes as one step: no other write of this key comes between. What the
   * modification returns is stored whatever the record was before, so its ClockTime is the caller's
   * duty. The modification must not call the store.
   */
  WriteResult modify(
      ByteBuf rawKey, Modification modification, long gatewayIncarnation, long sequence);

  /**
   * Takes a record or tombstone out, leaving no trace, if it has exactly this ClockTime. For the
   * sweepers and the cleaner after a rebalance; a delete of a client is an update by a tombstone.
   *
   * @return whether it was there
   */
  boolean removeIf(ByteBuf rawKey, long clockTime);

  /**
   * Visits records in the order of their raw keys (unsigned, so by hash first), tombstones
   * included, beside writers. A record that was there throughout is visited exactly once, one
   * written or removed meanwhile at most once. No lock is held while the visitor runs, so it may
   * call the store.
   *
   * @return where to go on, {@linkplain Cursor#isDone() done} when the range is exhausted
   */
  Cursor scan(Cursor from, ScanLimits limits, RecordVisitor visitor);

  /**
   * Adds up the records of a range, tombstones included, by key and ClockTime: see {@link
   * RecordDigest}. What was there throughout is added once. A store that keeps digests beside its
   * records reads few of them, if any.
   *
   * @param maxRecords about how many records to read
   * @return where to go on, {@linkplain Cursor#isDone() done} when all of the range is added
   */
  default Cursor digest(Cursor from, int maxRecords, DigestSum into) {
    return scan(
        from,
        ScanLimits.headers(maxRecords, TOMBSTONE_BYTES),
        (rawKey, rawValue, valueLength) -> {
          into.add(RecordDigest.of(rawKey, RawRecords.head(rawValue)));
          return true;
        });
  }

  /** Records that are not tombstones; constant time. */
  long liveCount();

  /** Tombstones; constant time. */
  long tombstoneCount();

  /** The greatest ClockTime ever stored here (unsigned), 0 when there was none. */
  long largestClockTime();

  /** The position of the last write: everything written up to now lies at or below it. */
  long position();

  /**
   * Calls the listener once the fsync policy is satisfied up to the position: with {@code everysec}
   * and {@code never} at once on the calling thread, with {@code always} after the group commit
   * that covers it, through the executor (at once when that has already happened).
   */
  void whenDurable(long position, Executor executor, SyncListener listener);

  /** Blocks until everything written so far would survive a power loss, whatever the policy. */
  void sync();

  /**
   * Persists a small named blob of server state (hash spaces, marks, the clean flag), replacing the
   * former one atomically. Returns at once; the listener is told through the executor when this
   * blob, or a later one of the name, is durable. The name is a plain file name.
   */
  void putState(String name, byte[] bytes, Executor executor, SyncListener listener);

  /** The same, and before it everything written so far: for a blob that vouches for records. */
  void putStateAfterSync(String name, byte[] bytes, Executor executor, SyncListener listener);

  /** As {@link #putState}, durable when it returns. Blocks. */
  default void putState(String name, byte[] bytes) {
    CompletableFuture<@Nullable StoreException> durable = new CompletableFuture<>();
    putState(name, bytes, Runnable::run, durable::complete);
    StoreException failure = durable.join();
    if (failure != null) {
      throw failure;
    }
  }

  /** A copy of what {@code putState} was given last, null when nothing. */
  byte @Nullable [] state(String name);

  /**
   * Shows the writes with a request id that the redo log still held when the store opened, oldest
   * first. After a clean stop there are none.
   */
  void recentRequests(RequestVisitor visitor);

  /** Why writes that need room are refused at present; null while they are taken. At once. */
  default @Nullable String fullness() {
    return null;
  }

  /** What syncs took since the store opened, in microseconds. */
  default Distribution syncTimes() {
    return Distribution.EMPTY;
  }

  /** Counts and sizes at this moment. */
  StoreStatistics statistics();

  /**
   * Writes a store of its own into a new directory while reads and writes go on. It holds every
   * write acknowledged before the call, and is durable when it returns. Blocks.
   */
  void backup(Path directory);

  /**
   * Opens a snapshot: what the store has of records up to this ClockTime, and what it will get of
   * them, until something newer takes their place. One at a time. When it is opened before anything
   * newer is stored, nothing is missing in it.
   *
   * @throws StoreException when another one is open
   */
  StoreSnapshot openSnapshot(long clockTime);

  /** Gives unused file space back, one shard at a time, while reads and writes go on. Blocks. */
  void compact();

  /** Hears how {@link #compact(CompactProgress)} goes on. */
  interface CompactProgress {
    /** So many of all data files have been rewritten. */
    void rewritten(int files, int allFiles);
  }

  /** As {@link #compact()}; the listener is called on this thread. */
  default void compact(CompactProgress progress) {
    progress.rewritten(0, 1);
    compact();
    progress.rewritten(1, 1);
  }

  /**
   * Copies of the raw keys of records that were found damaged and not written anew since, at most
   * so many; cheap when there are none. Writing such a key repairs it.
   */
  default List<byte[]> damagedKeys(int max) {
    return List.of();
  }

  /** Makes everything durable and lets go of the files. A second call does nothing. Blocks. */
  @Override
  void close();
}
