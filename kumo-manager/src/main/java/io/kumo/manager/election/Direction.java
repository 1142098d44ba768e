package io.kumo.manager.election;

import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.NodeWatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether this manager directs: it is its turn in the pair ({@link PartnerSync}), it knows what the
 * cluster is ({@link ColdStart}), and has no reason to think that it is cut off ({@link
 * NodeWatch}). The other manager keeps watch, so that it can direct at once.
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
  private boolean directs;

  public Direction(PartnerSync partner, ColdStart cold, NodeWatch watch, MemberTable table) {
    this.partner = partner;
    this.cold = cold;
    this.watch = watch;
    this.table = table;
  }

  /** Whether this manager may change hash spaces now. */
  public boolean mayDecide() {
    return cold.isOver() && partner.directs() && !watch.isDoubting();
  }

  /** Tells a change once. */
  public Turn review() {
    boolean may = mayDecide();
    boolean undecided = partner.state() == PartnerState.CONNECTED;
    boolean early = may && watch.isOpen();
    if (undecided || early || may == directs) {
      return Turn.NONE;
    }
    directs = may;
    return may ? Turn.BEGINS : Turn.ENDS;
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
