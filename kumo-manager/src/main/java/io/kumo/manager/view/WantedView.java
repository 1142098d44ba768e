package io.kumo.manager.view;

import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.OpenRebalance;
import io.kumo.core.view.ViewFlush;
import io.kumo.core.view.ViewLayout;
import io.kumo.core.view.ViewMember;
import io.kumo.core.view.Voters;
import io.kumo.manager.election.CurrentManagers;
import io.kumo.manager.election.NextView.Wanted;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.NodeWatch;
import io.kumo.manager.rebalance.RebalanceDirector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What this manager has decided, in the words of a view that is voted on. Confined to the manager's
 * loop.
 */
public final class WantedView {
  private static final Comparator<ViewMember> BY_ADDRESS =
      Comparator.comparing(ViewMember::address);

  private final ClusterState state;
  private final MemberTable table;
  private final RebalanceDirector rebalance;
  private final CurrentManagers managers;
  private final NodeWatch watch;
  private final BooleanSupplier autoReplace;

  public WantedView(
      ClusterState state,
      MemberTable table,
      RebalanceDirector rebalance,
      CurrentManagers managers,
      NodeWatch watch,
      BooleanSupplier autoReplace) {
    this.state = state;
    this.table = table;
    this.rebalance = rebalance;
    this.managers = managers;
    this.watch = watch;
    this.autoReplace = autoReplace;
  }

  /**
   * What the view that follows another one is to say.
   *
   * @param followers who has promised this manager's term
   */
  Wanted after(ClusterView committed, Collection<NodeAddress> followers) {
    List<NodeAddress> named = committed.electorate().managers();
    return wanted(managers.next(named, followers));
  }

  /** What the first view is to say. */
  Wanted first(List<NodeAddress> directors) {
    return wanted(directors);
  }

  private Wanted wanted(List<NodeAddress> directors) {
    PublishedSpaces decided = state.decided();
    ClusterExtras extras = decided.extras();
    List<ViewMember> members =
        extras.nodes().stream().map(WantedView::member).sorted(BY_ADDRESS).toList();
    ViewLayout layout =
        new ViewLayout(decided.spaces(), members, openRebalance(), extras.completedClockTime());
    ViewFlush flush =
        new ViewFlush(
            extras.flushClockTime(),
            extras.delayedFlush().version(),
            extras.delayedFlush().dueSeconds());
    return new Wanted(layout, flush, autoReplace.getAsBoolean(), table.orders(), directors);
  }

  private static ViewMember member(NodeExtras node) {
    return new ViewMember(node.address(), node.capabilities(), node.incarnation(), node.zone());
  }

  /** One that was given up for a while is open, too: who directs next tries it at once. */
  private OpenRebalance openRebalance() {
    long time = table.spaces().write().clockTime();
    OpenRebalance open =
        switch (rebalance.phase()) {
          case IDLE -> OpenRebalance.NONE;
          case PUBLISHING, HELD, COPYING, RETRYING ->
              new OpenRebalance(OpenRebalance.Phase.COPYING, time, rebalance.isFull());
          case DELETING ->
              new OpenRebalance(OpenRebalance.Phase.DELETING, rebalance.replaceTime(), false);
        };
    return open.withBehind(table.behind());
  }

  /** Whether a quorum is heard well enough for this manager to believe that it is not cut off. */
  boolean hearsQuorum(Voters voters, NodeAddress self) {
    return voters.isQuorum(
        voters.members().stream()
            .filter(voter -> voter.address().equals(self) || watch.isHeard(voter.address()))
            .toList());
  }

  /** Servers that are gone, and managers that are not there. */
  List<NodeAddress> lost(List<NodeAddress> directors) {
    HashSpace write = table.spaces().write();
    List<NodeAddress> lost = new ArrayList<>();
    write.nodes().stream()
        .map(node -> node.address())
        .filter(server -> !table.isLive(server) && watch.isGone(server))
        .forEach(lost::add);
    directors.stream().filter(managers::isAway).forEach(lost::add);
    return lost;
  }
}
