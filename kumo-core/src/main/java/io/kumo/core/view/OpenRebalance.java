package io.kumo.core.view;

/**
 * A rebalance that a director has begun, so that the next one can go on with it.
 *
 * @param time ClockTime of the write hash space that names it; 0 for none
 * @param full whether every record is compared
 */
public record OpenRebalance(Phase phase, long time, boolean full) {
  public static final OpenRebalance NONE = new OpenRebalance(Phase.NONE, 0, false);

  /** How far it has got. */
  public enum Phase {
    /** There is none. */
    NONE(0),
    /** Records are copied to their new owners. */
    COPYING(1),
    /** Former owners remove what is no longer theirs. */
    DELETING(2);

    private final int id;

    Phase(int id) {
      this.id = id;
    }

    /** As on the wire. */
    public int id() {
      return id;
    }
  }
}
