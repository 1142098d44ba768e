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
  /** The order is that of the wire. */
  public enum Status {
    /** Kept on disk. */
    ACCEPTED,
    /** Will be, when leases have ended; to be asked again. */
    WAITING,
    /** It has promised a greater term, or has a newer view. */
    REFUSED,
    /** It belongs to another cluster. */
    FOREIGN
  }
}
