package io.kumo.core.view;

import io.kumo.core.ring.HashSpaces;
import java.util.List;

/**
 * Where records are, as a view says it.
 *
 * @param members the servers of both hash spaces
 * @param settledTime ClockTime of the write hash space by which every server has removed what it
 *     does not own; 0 for never
 */
public record ViewLayout(
    HashSpaces spaces, List<ViewMember> members, OpenRebalance rebalance, long settledTime) {
  public static final ViewLayout EMPTY =
      new ViewLayout(HashSpaces.EMPTY, List.of(), OpenRebalance.NONE, 0);

  public ViewLayout {
    members = List.copyOf(members);
  }

  /** How many servers keep a record; fixed with the first view. */
  public int copies() {
    return spaces.write().copies();
  }
}
