package io.kumo.manager.view;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.view.ClusterId;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.VoteRules;
import io.kumo.manager.election.NextView;
import io.kumo.manager.election.NextView.Wanted;
import io.kumo.manager.election.Standing;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has what a manager decided voted on in rounds, one at a time, and founds a cluster where there is
 * none yet.
 *
 * <p>Confined to the manager's loop.
 */
public final class VotedRounds implements ViewRounds {
  private static final Logger log = LoggerFactory.getLogger(VotedRounds.class);

  /** What the rest of the manager does. */
  public interface Rest {
    /** Whether this manager decides, by votes or without. */
    boolean mayDecide();

    /** Something is to be made known that nobody has asked for. */
    void publish();
  }

  private final Standing standing;
  private final ViewDirector director;
  private final WantedView wanted;
  private final Founders founders;
  private final VoteRules rules;
  private final LongSupplier random;
  private final Rest rest;
  private @Nullable Outcome round;
  private boolean out;
  private String waitsFor = "";

  /**
   * @param random draws the ids of clusters
   */
  public VotedRounds(
      Standing standing,
      ViewDirector director,
      WantedView wanted,
      Founders founders,
      VoteRules rules,
      LongSupplier random,
      Rest rest) {
    this.standing = standing;
    this.director = director;
    this.wanted = wanted;
    this.founders = founders;
    this.rules = rules;
    this.random = random;
    this.rest = rest;
  }

  @Override
  public boolean isOn() {
    return standing.isOn();
  }

  @Override
  public boolean areDue() {
    return standing.isOn() || mayFound();
  }

  private boolean mayFound() {
    return rest.mayDecide() && director.unheardServers().isEmpty() && founders.areThere();
  }

  @Override
  public void begin(Outcome outcome) {
    round = outcome;
    out = false;
    if (!standing.isOn()) {
      director.found();
    } else if (!standing.directs()) {
      String objection = standing.objection();
      fail(objection == null ? "this manager does not direct" : objection);
    }
    moved();
  }

  @Override
  public void confirm(Peer node, Consumer<Boolean> taken) {
    director.calls().confirm(node, standing.installed(), taken);
  }

  /** There may be something to publish, or somebody else who follows. */
  void moved() {
    if (director.isFounding()) {
      found();
    } else if (standing.directs() && director.proposer().mayPropose()) {
      propose();
    } else if (!standing.isOn() && director.isIdle()) {
      director.askWhatTheyKnow();
      if (round == null && mayFound() && director.mayTry()) {
        rest.publish();
      }
    }
  }

  private void found() {
    if (standing.isOn()) {
      director.stepDown("there is a cluster already");
      return;
    }
    Map<NodeAddress, Voter> followers = director.followers();
    List<NodeAddress> needed = founders.all();
    if (!followers.keySet().containsAll(needed)) {
      return;
    }
    Wanted first = wanted.first(founders.managers());
    long term = director.proposer().term();
    ClusterId id = new ClusterId(random.getAsLong() | 1, director.newest().cluster().id());
    ClusterView view = NextView.first(term, id, first, followers);
    if (mayName(view, Set.of())) {
      log.info("founding the cluster {}: {}", Long.toHexString(view.cluster().id()), view);
      out = true;
      director.publishFirst(view, needed);
    }
  }

  private void propose() {
    ClusterView base = director.proposer().base();
    Map<NodeAddress, Voter> followers = director.followers();
    Wanted next = wanted.after(base, followers.keySet());
    List<NodeAddress> lost = wanted.lost(next.managers());
    Optional<ClusterView> view = NextView.after(base, next, followers, lost);
    if (view.isEmpty()) {
      end();
    } else if (round == null) {
      rest.publish();
    } else {
      propose(view.get(), base);
    }
  }

  private void propose(ClusterView view, ClusterView base) {
    String obstacle = "";
    if (!wanted.hearsQuorum(base.voters(), director.self())) {
      obstacle = "no quorum has been heard of late";
    } else if (!mayName(view, base.voters().members())) {
      obstacle = "no quorum of its voters follows this manager";
    }
    if (!obstacle.equals(waitsFor) && !obstacle.isEmpty()) {
      log.info("a change waits: {}", obstacle);
    }
    waitsFor = obstacle;
    if (obstacle.isEmpty()) {
      out = true;
      director.propose(view);
    }
  }

  private boolean mayName(ClusterView view, Collection<Voter> before) {
    return rules.mayName(view.voters(), before, director.proposer().votes());
  }

  /** A view that this manager has changed is committed, or the first of a cluster. */
  void changed() {
    if (out) {
      out = false;
      end();
    }
  }

  /** This manager directs no more, or its try has come to nothing. */
  void ended(String reason) {
    out = false;
    fail(reason);
  }

  private void end() {
    Outcome over = round;
    round = null;
    if (over != null) {
      over.committed();
    }
  }

  private void fail(String reason) {
    Outcome over = round;
    round = null;
    if (over == null) {
      return;
    }
    if (standing.isOn()) {
      over.failed(reason);
    } else {
      over.unvoted();
    }
  }
}
