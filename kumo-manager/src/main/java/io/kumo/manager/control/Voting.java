package io.kumo.manager.control;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.view.ClusterId;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.ViewSettings;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteWriter;
import io.kumo.core.voter.VoteHandlers;
import io.kumo.core.voter.VoteListener;
import io.kumo.core.voter.VoterService;
import io.kumo.manager.election.Campaign;
import io.kumo.manager.election.CurrentManagers;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.election.Standing;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.NodeWatch;
import io.kumo.manager.rebalance.RebalanceDirector;
import io.kumo.manager.session.NodeSessions;
import io.kumo.manager.view.ClusterState;
import io.kumo.manager.view.Founders;
import io.kumo.manager.view.ViewDirector;
import io.kumo.manager.view.ViewRounds;
import io.kumo.manager.view.VotedRounds;
import io.kumo.manager.view.VotedViews;
import io.kumo.manager.view.WantedView;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The vote of a manager, and its part in directing by votes: put together, and tied to the rest.
 * Confined to the manager's loop.
 */
public final class Voting {
  /** What of the rest of a manager is asked and told. */
  public record Rest(
      Membership membership, HashSpacePublisher publisher, AutoRebalance autoRebalance) {}

  private static final int TICKS_PER_LEASE = 8;
  private static final long TICK_NS = ViewSettings.DEFAULT.leaseNs() / TICKS_PER_LEASE;

  private final RpcEndpoint endpoint;
  private final VotedViews views;
  private final VotedRounds rounds;
  private final ViewDirector director;
  private final MemberTable table;
  private final PartnerRebalanceLog echo = new PartnerRebalanceLog();
  private @Nullable Rest rest;
  private boolean autoReplaceOrdered;
  private @Nullable Cancellable ticking;

  /**
   * Registers at the endpoint, which does not listen yet.
   *
   * @param writer where this manager keeps its vote
   * @param autoReplaceOrdered whether the command line has switched automatic rebalances on
   * @param random draws the ids of clusters, and pauses
   */
  public Voting(
      VoteWriter writer,
      NodeSessions sessions,
      NodeAddress self,
      MemberTable table,
      PartnerSync partner,
      ClusterState state,
      RebalanceDirector rebalance,
      CurrentManagers managers,
      NodeWatch watch,
      boolean autoReplaceOrdered,
      RandomGenerator random) {
    this.endpoint = sessions.endpoint();
    this.table = table;
    this.autoReplaceOrdered = autoReplaceOrdered;
    VoteRules rules = table.rules().votes();
    WantedView wanted =
        new WantedView(
            state, table, rebalance, managers, watch, () -> rest().autoRebalance().isEnabled());
    Founders founders = new Founders(self, table, partner, sessions);
    views = new VotedViews(state, managers, founders);
    VoterService voter =
        new VoterService(endpoint.transport(), writer, rules, ClusterView.NONE, views);
    Campaign campaign = new Campaign(random, endpoint.transport().time().nanoTime());
    director = new ViewDirector(voter, sessions, self, rules, campaign, views);
    rounds =
        new VotedRounds(views, director, wanted, founders, rules, random::nextLong, new Changes());
    voter.addListener(
        new VoteListener() {
          @Override
          public void released(Voter holder) {
            rest().membership().servers().leaving(holder.address());
          }
        });
    VoteHandlers.register(endpoint, voter);
  }

  /** Before the endpoint listens; those who are told of nodes have been added before. */
  public void bind(Rest others) {
    rest = others;
    views.bind(director, rounds, new Bound());
    endpoint.addNodeListener(views);
  }

  private Rest rest() {
    Rest bound = rest;
    if (bound == null) {
      throw new IllegalStateException("not bound yet");
    }
    return bound;
  }

  /** How this manager stands. */
  public Standing standing() {
    return views;
  }

  /** How changes are voted on. */
  public ViewRounds rounds() {
    return rounds;
  }

  /** The cluster of the newest view that it knows of. */
  public ClusterId cluster() {
    return director.newest().cluster();
  }

  /** Begins to ask and to direct. */
  public void start() {
    ticking = endpoint.transport().repeat(TICK_NS, "votes", director::tick);
  }

  public void stop() {
    Cancellable timer = ticking;
    if (timer != null) {
      timer.cancel();
    }
  }

  /** Asked for what is to be voted on. */
  private final class Changes implements VotedRounds.Rest {
    @Override
    public boolean mayDecide() {
      return rest().membership().direction().mayDecide();
    }

    @Override
    public void publish() {
      rest().publisher().publish();
    }
  }

  /** Carries out what comes of votes. */
  private final class Bound implements VotedViews.Rest {
    @Override
    public void directionChanged() {
      AutoRebalance auto = rest().autoRebalance();
      if (views.directs() && autoReplaceOrdered) {
        autoReplaceOrdered = false;
        follow(auto, true);
      }
      rest().membership().reviewDirection();
    }

    @Override
    public void installed(ClusterView view, boolean directs) {
      echo.installed(view.layout().rebalance(), directs);
      if (!directs) {
        table.setOrders(view.settings().orders());
        follow(rest().autoRebalance(), view.settings().autoReplace());
      }
    }

    private void follow(AutoRebalance auto, boolean enabled) {
      if (auto.isEnabled() != enabled) {
        auto.setEnabled(enabled);
      }
    }
  }
}
