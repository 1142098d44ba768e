package io.kumo.server.store.disk;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Places where a crash test ends the process as a kill would. The system property {@code
 * kumo.store.halt=POINT:N} halts at the N-th arrival; without it the calls compile to nothing.
 */
public enum FaultPoint {
  /** A log record is half written. */
  APPEND,
  /** A log record is written, nothing else has happened. */
  APPENDED,
  /** A log record is applied in memory. */
  APPLIED,
  /** A new log segment has its header and not yet its name. */
  SEGMENT_PREPARED,
  /** A new log segment has its name. */
  SEGMENT_NAMED,
  /** The log goes on in the next segment. */
  SEGMENT_SWITCHED,
  /** An old log segment is let go of. */
  SEGMENT_RELEASED,
  /** The redo log is synced, nobody has been told. */
  LOG_SYNCED,
  /** A shard is frozen for a checkpoint. */
  FROZEN,
  /** Some chunks of a journal are written. */
  JOURNAL_CHUNK,
  /** The journal is written and not synced. */
  JOURNAL_WRITTEN,
  /** The journal is synced, nothing is applied. */
  JOURNAL_SYNCED,
  /** Some of a journal is applied to the data file. */
  APPLY,
  /** The data file is synced. */
  FILE_SYNCED,
  /** An index file is half written. */
  INDEX_SAVE,
  /** A file has its content and not yet its name. */
  BEFORE_RENAME,
  /** A file has its new name. */
  AFTER_RENAME,
  /** A shard is half copied by compact. */
  COMPACT_COPY,
  /** A compacted shard is complete beside the old one. */
  COMPACT_COPIED,
  /** A compacted shard has taken the name. */
  COMPACT_RENAMED,
  /** A backup is half copied. */
  BACKUP_COPY,
  /** A recovery has applied some of a journal. */
  RECOVERY_JOURNAL,
  /** A recovery has replayed some of the log. */
  RECOVERY_REPLAY;

  private static final @Nullable String TARGET = System.getProperty("kumo.store.halt");
  private static final boolean ENABLED = TARGET != null;
  private static final AtomicLong LEFT = new AtomicLong(ENABLED ? arrivals(TARGET) : 0);

  /** Ends the process if this is the arrival that was asked for. */
  public void reach() {
    if (ENABLED && isTarget() && LEFT.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(137);
    }
  }

  private boolean isTarget() {
    return TARGET != null && TARGET.toUpperCase(Locale.ROOT).startsWith(name() + ":");
  }

  private static long arrivals(@Nullable String target) {
    return target == null ? 0 : Long.parseLong(target.substring(target.indexOf(':') + 1));
  }
}
