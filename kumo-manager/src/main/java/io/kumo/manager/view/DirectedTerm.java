package io.kumo.manager.view;

import io.kumo.core.view.ClusterView;
import io.kumo.core.vote.Proposer;
import io.kumo.core.vote.Proposer.Phase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the term that this manager has won has begun: it has when its first view is committed.
 * Tells when it begins and ends. Confined to the manager's loop.
 */
final class DirectedTerm {
  private static final Logger log = LoggerFactory.getLogger(DirectedTerm.class);

  private final DirectorEvents events;
  private boolean founding;
  private long begun;
  private String lastReason = "";

  DirectedTerm(DirectorEvents events) {
    this.events = events;
  }

  /** Whether the view may be changed; the founder may while its first view is voted on. */
  boolean isDirectedBy(Proposer proposer) {
    return proposer.phase() == Phase.DIRECTING && (founding || begun == proposer.term());
  }

  /** Whether the first view of a cluster is tried. */
  boolean isFounding() {
    return founding;
  }

  /** Tries the first view of a cluster. */
  void found() {
    founding = true;
  }

  void committed(ClusterView view) {
    boolean begins = !founding && begun != view.term();
    founding = false;
    begun = view.term();
    if (begins) {
      log.info("directing in term {}", view.term());
      lastReason = "";
      events.begun(view);
    } else {
      events.changed(view);
    }
  }

  /** Says why, unless it is as it was the last time. */
  void ended(String reason) {
    if (!reason.equals(lastReason)) {
      log.info("not directing: {}", reason);
    }
    lastReason = reason;
    founding = false;
    begun = 0;
    events.ended(reason);
  }
}
