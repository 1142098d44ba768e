package io.kumo.manager.view;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.votes.InstalledSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.NodeListener;
import io.kumo.core.rpc.Peer;
import io.kumo.core.view.ClusterId;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.OpenRebalance;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.voter.Installer;
import io.kumo.manager.election.CurrentManagers;
import io.kumo.manager.election.NextView;
import io.kumo.manager.election.NextView.Wanted;
import io.kumo.manager.election.Standing;
import io.kumo.manager.membership.ServerInfo;
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
 * Ties votes to the rest of a manager: what it has decided is voted on in rounds, one at a time;
 * what is committed is what others are told, and what this manager itself goes by unless it
 * directs.
 *
 * <p>Confined to the manager's loop.
 */
public final class VotedViews
    implements Standing, ViewRounds, Installer, ViewDirector.Events, NodeListener {
  private static final Logger log = LoggerFactory.getLogger(VotedViews.class);

  /** An operator waits for this manager to direct. */
  private record Takeover(Runnable directs, Consumer<String> failed) {}

  /** What the rest of the manager does. */
  public interface Rest {
    /** Whether this manager decides, by votes or without. */
    boolean mayDecide();

    /** This manager begins to direct, by the view that it goes by now, or directs no more. */
    void directionChanged();

    /** Something is to be made known that nobody has asked for. */
    void publish();

    /** A view has been committed. */
    void installed(ClusterView view, boolean directs);
  }

  private final ClusterState state;
  private final WantedView wanted;
  private final CurrentManagers managers;
  private final Founders founders;
  private final VoteRules rules;
  private final LongSupplier random;
  private @Nullable ViewDirector director;
  private @Nullable Rest rest;
  private ClusterView installed = ClusterView.NONE;
  private @Nullable Takeover takeover;
  private @Nullable Outcome round;
  private boolean out;
  private String waitsFor = "";

  /**
   * @param random draws the ids of clusters
   */
  public VotedViews(
      ClusterState state,
      CurrentManagers managers,
      WantedView wanted,
      Founders founders,
      VoteRules rules,
      LongSupplier random) {
    this.state = state;
    this.managers = managers;
    this.wanted = wanted;
    this.founders = founders;
    this.rules = rules;
    this.random = random;
  }

  /** Before the first connection. */
  public void bind(ViewDirector driver, Rest others) {
    director = driver;
    rest = others;
  }

  private ViewDirector director() {
    ViewDirector bound = director;
    if (bound == null) {
      throw new IllegalStateException("not bound yet");
    }
    return bound;
  }

  private Rest rest() {
    Rest bound = rest;
    if (bound == null) {
      throw new IllegalStateException("not bound yet");
    }
    return bound;
  }

  // ---- how it stands

  @Override
  public boolean isOn() {
    ClusterView known = director().known();
    return !known.isNone() && known.settings().votes();
  }

  @Override
  public boolean directs() {
    return director().directs();
  }

  @Override
  public @Nullable NodeAddress directorElsewhere() {
    return isOn() && !directs() ? director().heardDirector() : null;
  }

  @Override
  public @Nullable String objection() {
    if (!isOn()) {
      List<NodeAddress> unheard = unheard();
      return unheard.isEmpty() ? null : "waiting for nodes to say what they know: " + unheard;
    }
    if (directs()) {
      return null;
    }
    NodeAddress other = director().heardDirector();
    return other == null
        ? "no manager directs: waiting for a quorum of "
            + director().known().voters().members()
            + "; for a new cluster, start managers with an empty --state"
        : "the manager " + other + " directs";
  }

  private List<NodeAddress> unheard() {
    return director().calls().voters().stream()
        .filter(peer -> peer.role() == Role.SERVER)
        .map(VoteCalls::address)
        .filter(node -> !director().electors().hasHeard(node))
        .toList();
  }

  @Override
  public boolean wasCutOff(long withinNs) {
    return director().wasCutOff(withinNs);
  }

  @Override
  public OpenRebalance openRebalance() {
    return installed.layout().rebalance();
  }

  @Override
  public ClusterView installed() {
    return installed;
  }

  @Override
  public @Nullable String firstAttachObjection(boolean alone) {
    if (alone) {
      founders.setAlone();
    }
    return isOn() ? null : founders.objection();
  }

  @Override
  public boolean mayAttach(NodeAddress server, ServerInfo info) {
    boolean votes = Capabilities.votes(info.capabilities());
    return !isOn() || (votes && !director().electors().isForeign(server));
  }

  @Override
  public ClusterView known() {
    return director().newest();
  }

  @Override
  public void giveUp(ClusterView lost, boolean alone) {
    if (alone) {
      founders.setAlone();
    }
    director().giveUp(lost);
    state.tell(InstalledSpaces.of(lost));
    state.goBack();
  }

  // ---- views

  @Override
  public void install(ClusterView view, boolean skips) {
    tell(view);
  }

  private void tell(ClusterView view) {
    if (!view.isNewerThan(installed)) {
      return;
    }
    installed = view;
    state.tell(InstalledSpaces.of(view));
    managers.named(view.electorate().managers());
    if (!directs()) {
      state.goBack();
    }
    rest().installed(view, directs());
  }

  @Override
  public void changed(ClusterView view) {
    tell(view);
    if (out) {
      out = false;
      end();
    }
    if (!view.electorate().managers().contains(director().self())) {
      director().stepDown("the cluster follows the managers " + view.electorate().managers());
    }
  }

  @Override
  public void begun(ClusterView view) {
    tell(view);
    state.goBack();
    // First, or a view would go out that names others, and this manager would leave.
    Takeover ordered = takeover;
    takeover = null;
    if (ordered != null) {
      ordered.directs().run();
    }
    rest().directionChanged();
  }

  @Override
  public void takeOver(Runnable directs, Consumer<String> failed) {
    NodeAddress other = directorElsewhere();
    if (!isOn() || directs()) {
      directs.run();
    } else if (other != null) {
      failed.accept("the manager " + other + " directs: ask that one");
    } else if (takeover != null) {
      failed.accept("another order of this kind is under way");
    } else {
      takeover = new Takeover(directs, failed);
      director().campaignByOperator();
    }
  }

  @Override
  public void ended(String reason) {
    out = false;
    Takeover ordered = takeover;
    takeover = null;
    if (ordered != null) {
      ordered.failed().accept(reason);
    }
    fail(reason);
    if (isOn()) {
      state.goBack();
    }
    rest().directionChanged();
  }

  @Override
  public void nodeAppeared(Peer peer) {
    if (VoteCalls.isVoter(peer)) {
      director().tick();
    }
  }

  @Override
  public void nodeLost(Peer peer) {
    NodeAddress address = peer.address();
    if (address != null) {
      director().lost(address);
    }
  }

  // ---- rounds

  @Override
  public boolean areDue() {
    return isOn() || mayFound();
  }

  private boolean mayFound() {
    return rest().mayDecide() && unheard().isEmpty() && founders.areThere();
  }

  @Override
  public void begin(Outcome outcome) {
    round = outcome;
    out = false;
    if (!isOn()) {
      director().found();
    } else if (!directs()) {
      String objection = objection();
      fail(objection == null ? "this manager does not direct" : objection);
    }
    moved();
  }

  @Override
  public void confirm(Peer node, Consumer<Boolean> taken) {
    director().calls().confirm(node, installed, taken);
  }

  @Override
  public void moved() {
    if (director().isFounding()) {
      found();
    } else if (directs() && director().proposer().mayPropose()) {
      propose();
    } else if (!isOn() && director().isIdle()) {
      director().askWhatTheyKnow();
      if (round == null && mayFound() && director().mayTry()) {
        rest().publish();
      }
    }
  }

  private void found() {
    if (isOn()) {
      director().stepDown("there is a cluster already");
      return;
    }
    Map<NodeAddress, Voter> followers = director().followers();
    List<NodeAddress> needed = founders.all();
    if (!followers.keySet().containsAll(needed)) {
      return;
    }
    Wanted first = wanted.first(founders.managers());
    long term = director().proposer().term();
    ClusterId id = new ClusterId(random.getAsLong() | 1, director().newest().cluster().id());
    ClusterView view = NextView.first(term, id, first, followers);
    if (mayName(view, Set.of())) {
      log.info("founding the cluster {}: {}", Long.toHexString(view.cluster().id()), view);
      out = true;
      director().publishFirst(view, needed);
    }
  }

  private void propose() {
    ClusterView base = director().proposer().base();
    Map<NodeAddress, Voter> followers = director().followers();
    Wanted next = wanted.after(base, followers.keySet());
    List<NodeAddress> lost = wanted.lost(next.managers());
    Optional<ClusterView> view = NextView.after(base, next, followers, lost);
    if (view.isEmpty()) {
      end();
    } else if (round == null) {
      rest().publish();
    } else {
      propose(view.get(), base);
    }
  }

  private void propose(ClusterView view, ClusterView base) {
    String obstacle = "";
    if (!wanted.hearsQuorum(base.voters(), director().self())) {
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
      director().propose(view);
    }
  }

  private boolean mayName(ClusterView view, Collection<Voter> before) {
    return rules.mayName(view.voters(), before, director().proposer().votes());
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
    if (isOn()) {
      over.failed(reason);
    } else {
      over.unvoted();
    }
  }
}
