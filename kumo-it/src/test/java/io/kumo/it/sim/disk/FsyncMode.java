package io.kumo.it.sim.disk;

/** When a write counts as durable, as {@code --fsync} says. */
public enum FsyncMode {
  /** After the next sync, which takes a moment. */
  ALWAYS,
  /** At once; a sync comes every second. */
  EVERYSEC
}
