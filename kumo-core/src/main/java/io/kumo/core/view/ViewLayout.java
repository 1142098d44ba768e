package io.kumo.core.view;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import java.util.List;

/**
 * Where records are, as a view says it.
 *
 * @param replicas copies of a record, 1 to 7; fixed with the first view
 * @param members the servers of both hash spaces
 * @param settledTime ClockTime of the write hash space by which every server has removed what it
 *     does not own; 0 for never
 */
public record ViewLayout(
    HashSpaces spaces,
    int replicas,
    List<ViewMember> members,
    OpenRebalance rebalance,
    long settledTime) {
  public static final ViewLayout EMPTY =
      new ViewLayout(HashSpaces.EMPTY, HashSpace.REPLICAS, List.of(), OpenRebalance.NONE, 0);

  /** What {@code --replicas} may be at most. */
  public static final int MAX_REPLICAS = 7;

  public ViewLayout {
    members = List.copyOf(members);
    if (replicas < 1 || replicas > MAX_REPLICAS) {
      throw new IllegalArgumentException("no number of replicas: " + replicas);
    }
  }
}
