package io.kumo.manager.view;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.votes.InstalledSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.NodeListener;
import io.kumo.core.rpc.Peer;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.OpenRebalance;
import io.kumo.core.voter.Installer;
import io.kumo.manager.election.CurrentManagers;
import io.kumo.manager.election.Standing;
import io.kumo.manager.membership.ServerInfo;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ties votes to the rest of a manager: how it stands by them, what is done about orders to direct,
 * and that what is committed is what others are told, and what this manager itself goes by unless
 * it directs. How changes get voted on is the business of {@link VotedRounds}.
 *
 * <p>Confined to the manager's loop.
 */
public final class VotedViews implements Standing, Installer, DirectorEvents, NodeListener {
  /** An operator waits for this manager to direct. */
  private record Takeover(Runnable directs, Consumer<String> failed) {}

  /** What the rest of the manager does. */
  public interface Rest {
    /** This manager begins to direct, by the view that it goes by now, or directs no more. */
    void directionChanged();

    /** A view has been committed. */
    void installed(ClusterView view, boolean directs);
  }

  private final ClusterState state;
  private final CurrentManagers managers;
  private final Founders founders;
  private @Nullable ViewDirector director;
  private @Nullable VotedRounds rounds;
  private @Nullable Rest rest;
  private ClusterView installed = ClusterView.NONE;
  private @Nullable Takeover takeover;

  public VotedViews(ClusterState state, CurrentManagers managers, Founders founders) {
    this.state = state;
    this.managers = managers;
    this.founders = founders;
  }

  /** Before the first connection. */
  public void bind(ViewDirector driver, VotedRounds votes, Rest others) {
    director = driver;
    rounds = votes;
    rest = others;
  }

  private ViewDirector director() {
    ViewDirector bound = director;
    if (bound == null) {
      throw new IllegalStateException("not bound yet");
    }
    return bound;
  }

  private VotedRounds rounds() {
    VotedRounds bound = rounds;
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
      List<NodeAddress> unheard = director().unheardServers();
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
    rounds().changed();
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
    Takeover ordered = takeover;
    takeover = null;
    if (ordered != null) {
      ordered.failed().accept(reason);
    }
    rounds().ended(reason);
    if (isOn()) {
      state.goBack();
    }
    rest().directionChanged();
  }

  @Override
  public void moved() {
    rounds().moved();
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
}
