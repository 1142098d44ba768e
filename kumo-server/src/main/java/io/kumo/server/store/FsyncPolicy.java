package io.kumo.server.store;

/** When a write counts as durable. */
public enum FsyncPolicy {
  /** After a sync of the redo log: an acknowledged write survives a power loss. */
  ALWAYS,
  /** At once, and the redo log is synced every second: a power loss takes at most that second. */
  EVERYSEC,
  /** At once, and the kernel writes the redo log when it likes. */
  NEVER,
}
