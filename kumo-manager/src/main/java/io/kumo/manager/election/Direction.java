package io.kumo.manager.election;

import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.NodeWatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether this manager directs. Where views count by votes ({@link Standing}), votes say so. Else
 * it does if it is its turn in the pair ({@link PartnerSync}), it knows what the cluster is ({@link
 * ColdStart}), and has no reason to think that it is cut off ({@link NodeWatch}). The other manager
 * keeps watch, so that it can direct at once.
 *
 * <p>Confined to one thread.
 */
public final class Direction {
  /** What has changed since it was last asked. */
  public enum Turn {
    /** Nothing, or it is too early to tell. */
    NONE,
    /** This manager begins to direct. */
    BEGINS,
    /** It directs no longer. */
    ENDS
  }

  private final PartnerSync partner;
  private final ColdStart cold;
  private final NodeWatch watch;
  private final MemberTable table;
  private final Standing votes;
  private boolean directs;

  public Direction(
      PartnerSync partner, ColdStart cold, NodeWatch watch, MemberTable table, Standing votes) {
    this.partner = partner;
    this.cold = cold;
    this.watch = watch;
    this.table = table;
    this.votes = votes;
  }

  /** Whether this manager may change hash spaces now. */
  public boolean mayDecide() {
    return votes.isOn()
        ? votes.directs()
        : cold.isOver() && partner.directs() && !watch.isDoubting();
  }

  /** Tells a change once. */
  public Turn review() {
    boolean may = mayDecide();
    if (may == directs || (!votes.isOn() && isEarly(may))) {
      return Turn.NONE;
    }
    directs = may;
    return may ? Turn.BEGINS : Turn.ENDS;
  }

  private boolean isEarly(boolean may) {
    return partner.state() == PartnerState.CONNECTED || (may && watch.isOpen());
  }

  /** How it stands by votes. */
  public Standing votes() {
    return votes;
  }

  /** An operator's order begins what a change would: none is to be told of the present state. */
  public void acknowledge() {
    directs = mayDecide();
  }

  /** Why an order to attach and the like would be refused now; null if it would not. */
  public @Nullable String objection() {
    if (partner.isRetired()) {
      return "this cluster follows other managers now";
    }
    String byVotes = votes.objection();
    if (votes.isOn() || byVotes != null) {
      return byVotes;
    }
    if (watch.isDoubting()) {
      return "this manager may be cut off: it hears nothing of the servers";
    }
    if (!partner.directs()) {
      return "the partner has not been heard yet";
    }
    List<NodeAddress> unheard = unheard();
    if (!cold.isOver() && !unheard.isEmpty()) {
      return "waiting for servers of the cluster to say what they know: " + unheard;
    }
    return null;
  }

  private List<NodeAddress> unheard() {
    List<NodeAddress> unheard = new ArrayList<>(cold.awaited());
    table.live().entrySet().stream()
        .filter(entry -> entry.getValue().extended() && !cold.hasReported(entry.getKey()))
        .forEach(entry -> unheard.add(entry.getKey()));
    return unheard;
  }
}
