package io.kumo.manager.rebalance;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import java.util.function.Consumer;

/** What a rebalance asks of servers. Calls return at once; answers come back on the same loop. */
public interface RebalanceRequests {
  /**
   * Asks the server to copy what its new owners lack.
   *
   * @param failed run when the request did not get through
   */
  void startCopy(NodeAddress server, HashSpace write, boolean full, Runnable failed);

  /**
   * Asks the server to remove what it no longer owns.
   *
   * @param failed run when the request did not get through
   */
  void startDelete(NodeAddress server, HashSpace write, Runnable failed);

  /**
   * Asks an extended server how far it is with the running phase.
   *
   * @param answered not called when it does not answer
   */
  void askProgress(NodeAddress server, Consumer<PhaseProgress> answered);
}
