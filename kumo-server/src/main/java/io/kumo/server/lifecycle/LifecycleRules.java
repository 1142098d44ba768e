package io.kumo.server.lifecycle;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;

/**
 * What keeps old records from coming back, as rules that the simulator's tests break one at a time.
 * A server keeps to {@link #SOUND}.
 *
 * <p>Stateless; any thread.
 */
public class LifecycleRules {
  public static final LifecycleRules SOUND = new LifecycleRules();

  /** Leaves everything as it is right. */
  protected LifecycleRules() {}

  /** Whether a process counts on the view of the one before it, which need not know of this one. */
  public boolean trustsSavedView() {
    return false;
  }

  /**
   * Whether a server that returns keeps its old records without asking their owners.
   *
   * @param alone whether no other server owns them
   * @param empty whether there are none
   */
  public boolean recordsMayStay(boolean alone, boolean empty) {
    return alone || empty;
  }

  /** Whether no replica of anybody can still have what a tombstone of this server deletes. */
  public boolean mayDropTombstones(PublishedSpaces view, NodeAddress self) {
    HashSpace write = view.spaces().write();
    return !write.isEmpty()
        && !view.spaces().rebalancing()
        && write.isActive(self)
        && write.nodes().stream().allMatch(Node::active)
        && view.extras().completedClockTime() == write.clockTime();
  }

  /**
   * Up to which ClockTime tombstones go.
   *
   * @param watermark what the server has made durable that it may have dropped
   */
  public long dropsUpTo(long watermark, long nowSeconds) {
    return watermark;
  }
}
