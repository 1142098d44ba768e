package io.kumo.testkit.cluster;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.rebalance.RebalanceDirector;

/** What an operator tells the manager of a cluster; lets time pass. */
public final class Kumoctl {
  private static final int STEP_MS = 100;
  private static final int SETTLE_STEPS = 6000;

  private final MemoryCluster cluster;
  private final NodeAddress manager;

  public Kumoctl(MemoryCluster cluster, NodeAddress manager) {
    this.cluster = cluster;
    this.manager = manager;
  }

  /** Takes in the servers that are there, and starts to rebalance. */
  public void attach() {
    call(new AttachNewServers(true, false));
  }

  /** Gives the places of fault servers to others, and starts to rebalance. */
  public void detach() {
    call(new DetachFaultServers(true));
  }

  /** Starts to compare all replicas of everything. */
  public void fullReplace() {
    call(new StartReplace(true));
  }

  /** Lets the time pass until no rebalance is under way, ten minutes at most. */
  public void settle() {
    RebalanceDirector director = cluster.manager(manager).control().rebalance().director();
    cluster.runMillis(STEP_MS);
    for (int i = 0; i < SETTLE_STEPS && director.phase().isRunning(); i++) {
      cluster.runMillis(STEP_MS);
    }
    if (director.phase().isRunning()) {
      throw new AssertionError(director.phase() + " does not end: " + director.waitingFor());
    }
  }

  private void call(Message message) {
    cluster.call(manager, message).result();
  }
}
