package io.kumo.core.vote;

import io.kumo.core.view.ViewId;
import io.kumo.core.view.Voter;

/**
 * What a voter says of a published view.
 *
 * @param id of that view
 * @param term that the voter has promised
 */
public record Acceptance(Voter voter, Status status, ViewId id, long term) {
  /** What it does with it. */
  public enum Status {
    /** Kept on disk. */
    ACCEPTED(0),
    /** Will be, when leases have ended; to be asked again. */
    WAITING(1),
    /** It has promised a greater term, or has a newer view. */
    REFUSED(2),
    /** It belongs to another cluster. */
    FOREIGN(3);

    private final int id;

    Status(int id) {
      this.id = id;
    }

    /** As on the wire. */
    public int id() {
      return id;
    }
  }
}
