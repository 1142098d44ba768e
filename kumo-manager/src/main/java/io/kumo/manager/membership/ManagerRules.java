package io.kumo.manager.membership;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.vote.VoteRules;
import java.util.List;

/**
 * When a manager believes what servers tell, as rules that the simulator's tests break one at a
 * time. A manager keeps to {@link #SOUND}.
 *
 * <p>Stateless; any thread.
 */
public class ManagerRules {
  public static final ManagerRules SOUND = new ManagerRules();

  /** Leaves everything as it is right. */
  protected ManagerRules() {}

  /** What makes its vote, and its directing by votes, safe. */
  public VoteRules votes() {
    return VoteRules.SOUND;
  }

  /** Whether an active server is not the process any more that was attached. */
  public boolean isRestarted(ServerInfo now, ServerInfo attached) {
    return now.isOtherProcessThan(attached);
  }

  /** Which servers are held to have crashed, of those that did not stop cleanly. */
  public List<NodeAddress> crashed(List<NodeAddress> unclean) {
    return unclean;
  }

  /** Whether a manager that has just started knows enough to install what it was shown. */
  public boolean knowsEnough(boolean heardAll) {
    return heardAll;
  }
}
