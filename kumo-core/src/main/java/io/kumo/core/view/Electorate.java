package io.kumo.core.view;

import io.kumo.core.ring.NodeAddress;
import java.util.List;

/**
 * Who decides on a view, and who may direct.
 *
 * @param formerVoters of the view with the version before; {@link Voters#NONE} for the first view
 *     and a forced one
 * @param managers one or two; they may ask for terms
 * @param formerManagers of the view with the version before; they may, too, so that a change of
 *     managers can be ended by those before
 */
public record Electorate(
    Voters voters,
    Voters formerVoters,
    List<NodeAddress> managers,
    List<NodeAddress> formerManagers) {
  public static final Electorate NONE =
      new Electorate(Voters.NONE, Voters.NONE, List.of(), List.of());

  public Electorate {
    managers = List.copyOf(managers);
    formerManagers = List.copyOf(formerManagers);
  }

  public boolean names(NodeAddress manager) {
    return managers.contains(manager) || formerManagers.contains(manager);
  }
}
