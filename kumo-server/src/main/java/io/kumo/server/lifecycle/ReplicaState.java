package io.kumo.server.lifecycle;

/**
 * What this process is to the cluster as a replica. How it gets from one to the other is {@link
 * ReplicaLifecycle#next}, what it may do in each {@link ReplicaLifecycle#may}; the whole table is
 * docs/internals/replica-lifecycle.md.
 */
public enum ReplicaState {
  /**
   * No view that was installed since this process started gives it keys to write: the newest one
   * calls it fault, does not name it, or was read from the disk at the start.
   */
  DETACHED,
  /** A view gives it its keys back; whether the records from before may stay is being asked. */
  UNVERIFIED,
  /** The records from before are too old: they are set aside, then removed. */
  WIPING,
  /** Active for writes; the older records still come. */
  CATCHING_UP,
  /** Active in both hash spaces: it has, or is given, every record that it should have. */
  SERVING,
  /** About to end: it gives the coordination of its keys back before it goes. */
  STOPPING
}
