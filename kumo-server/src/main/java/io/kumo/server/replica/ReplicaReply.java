package io.kumo.server.replica;

import io.kumo.core.protocol.PublishedSpaces;

/** What a replica made of a write. Exactly one of the methods is called, once, on the main loop. */
public interface ReplicaReply {
  /** The replica holds this very record, under its own fsync policy. */
  void stored();

  /**
   * The replica keeps a record that is newer; {@code clockTime} is what that one has. No
   * acknowledgement.
   */
  void haveNewer(long clockTime);

  /**
   * The fence: {@code theirs} is installed at the replica, and there the sender may not write this
   * key.
   */
  void refused(PublishedSpaces theirs);

  /** No answer, or an error: the record may or may not be there. */
  void failed(String reason);

  /**
   * Its disk has no room, which trying again does not change soon.
   *
   * @param reason as {@link io.kumo.core.protocol.DiskFull} has it
   */
  void full(String reason);
}
