package io.kumo.testkit.bug;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.vote.VoteRules;
import io.kumo.manager.membership.ManagerRules;
import io.kumo.manager.membership.ServerInfo;
import java.util.List;

/** Rules of a manager, each with one of them broken. */
final class BrokenManager {
  private BrokenManager() {}

  /** One whose votes are broken. */
  static final class Votes extends ManagerRules {
    private final VoteRules votes;

    Votes(VoteRules votes) {
      this.votes = votes;
    }

    @Override
    public VoteRules votes() {
      return votes;
    }
  }

  static final class RestartTrusted extends ManagerRules {
    @Override
    public boolean isRestarted(ServerInfo now, ServerInfo attached) {
      return false;
    }

    @Override
    public List<NodeAddress> crashed(List<NodeAddress> unclean) {
      return List.of();
    }
  }

  static final class ColdStartWithoutWaiting extends ManagerRules {
    @Override
    public boolean knowsEnough(boolean heardAll) {
      return true;
    }
  }
}
