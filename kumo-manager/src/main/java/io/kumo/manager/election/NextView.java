package io.kumo.manager.election;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterId;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Electorate;
import io.kumo.core.view.StandingOrders;
import io.kumo.core.view.ViewFlush;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.ViewLayout;
import io.kumo.core.view.ViewSettings;
import io.kumo.core.view.Voter;
import io.kumo.core.view.VoterChoice;
import io.kumo.core.view.Voters;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes views of what a director wants. Stateless. */
public final class NextView {
  /**
   * What a director wants the cluster to be, but for who votes.
   *
   * @param managers one or two
   */
  public record Wanted(
      ViewLayout layout,
      ViewFlush flush,
      boolean autoReplace,
      StandingOrders orders,
      List<NodeAddress> managers) {
    public Wanted {
      managers = managers.stream().sorted().toList();
    }

    private ViewSettings settings(long leaseMs, boolean votes) {
      return new ViewSettings(leaseMs, autoReplace, votes, orders);
    }
  }

  private NextView() {}

  /**
   * The view to follow one that is committed; empty if there is nothing to change. One that has
   * changed the voters is followed by another that changes nothing: as long as it is the newest one
   * the voters before it are needed, too, and of those some may have been lost.
   *
   * @param promised who has promised the director's term, by address
   * @param lost nodes that do not answer
   */
  public static Optional<ClusterView> after(
      ClusterView committed,
      Wanted wanted,
      Map<NodeAddress, Voter> promised,
      List<NodeAddress> lost) {
    Voters before = committed.voters();
    Voters chosen = VoterChoice.choose(wanted.layout(), wanted.managers(), before, promised, lost);
    // Without an active server nobody is chosen: those before go on deciding.
    Voters voters = chosen.isNone() ? before : chosen;
    ViewSettings old = committed.settings();
    ViewSettings settings = wanted.settings(old.leaseMs(), old.votes());
    Voters former = committed.formerVoters();
    boolean settled = former.isNone() || former.equals(before);
    boolean same =
        settled
            && voters.equals(before)
            && settings.equals(old)
            && wanted.layout().equals(committed.layout())
            && wanted.flush().equals(committed.flush())
            && wanted.managers().equals(committed.electorate().managers());
    if (same) {
      return Optional.empty();
    }
    return Optional.of(
        committed
            .next(voters, wanted.managers())
            .withLayout(wanted.layout())
            .withFlush(wanted.flush())
            .withSettings(settings));
  }

  /**
   * The first view of a cluster.
   *
   * @param term that everybody who is to belong to it has promised
   * @param cluster with a random id
   */
  public static ClusterView first(
      long term, ClusterId cluster, Wanted wanted, Map<NodeAddress, Voter> promised) {
    Voters voters =
        VoterChoice.choose(wanted.layout(), wanted.managers(), Voters.NONE, promised, List.of());
    return new ClusterView(
        new ViewId(term, 1),
        cluster,
        wanted.layout(),
        wanted.flush(),
        wanted.settings(ViewSettings.DEFAULT_LEASE_MS, true),
        new Electorate(voters, Voters.NONE, wanted.managers(), wanted.managers()));
  }
}
