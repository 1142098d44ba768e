package io.kumo.core.view;

import io.kumo.core.ring.NodeAddress;
import java.util.Collection;
import java.util.List;

/**
 * A rebalance that a director has begun, so that the next one can go on with it.
 *
 * @param time ClockTime of the write hash space that names it; 0 for none
 * @param full whether every record is compared
 * @param behind servers that are active for reads though others went on while they were away; with
 *     no rebalance open, one is due that makes them equal
 */
public record OpenRebalance(Phase phase, long time, boolean full, List<NodeAddress> behind) {
  public static final OpenRebalance NONE = new OpenRebalance(Phase.NONE, 0, false);

  public OpenRebalance {
    behind = List.copyOf(behind);
  }

  /** One beside which nobody is behind. */
  public OpenRebalance(Phase phase, long time, boolean full) {
    this(phase, time, full, List.of());
  }

  /** The same, with these as those that are behind. */
  public OpenRebalance withBehind(Collection<NodeAddress> servers) {
    return new OpenRebalance(phase, time, full, List.copyOf(servers));
  }

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
