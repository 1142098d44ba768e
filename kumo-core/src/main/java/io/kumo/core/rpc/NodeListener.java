package io.kumo.core.rpc;

/** Hears of managers and servers coming and going, on the loop. */
public interface NodeListener {
  /**
   * A session has learned who its peer is. Not called again for reconnects within the session; a
   * peer that announces another incarnation than before is lost first, then new.
   */
  default void nodeAppeared(Peer peer) {}

  /**
   * The session is lost: its connections are gone and could not be restored in time. Whether its
   * process is dead for certain {@link Peer#isDead} tells.
   */
  default void nodeLost(Peer peer) {}
}
