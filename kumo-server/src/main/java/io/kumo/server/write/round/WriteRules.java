package io.kumo.server.write.round;

import io.kumo.core.protocol.Fence;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.lifecycle.Right;
import io.kumo.server.replica.ReplicaReply;
import io.kumo.server.store.Store;
import io.kumo.server.view.ViewHolder;
import io.netty.buffer.ByteBuf;

/**
 * The rules of replication that a program could be built without, and would lose or invent data. A
 * server keeps to {@link #SOUND}; the simulator's tests break one rule at a time by a subclass, to
 * show that the checker notices.
 *
 * <p>Stateless; any thread.
 */
public class WriteRules {
  public static final WriteRules SOUND = new WriteRules();

  /** Leaves everything as it is right. */
  protected WriteRules() {}

  /**
   * The fence: whether a replica takes a record of this key from the coordinator that names it.
   *
   * @param byReadSpace whether the record is for an active replica of the read hash space as well
   */
  public boolean admits(ViewHolder view, Fence fence, long hash, boolean byReadSpace) {
    NodeAddress self = view.self();
    HashSpaces current = view.current();
    return view.admits(fence, Right.REPLICATE, hash)
        && (current.write().activeReplicas(hash).contains(self)
            || (byReadSpace && current.read().activeReplicas(hash).contains(self)));
  }

  /**
   * A coordinator is about to send a record to the replicas: nobody is to read it yet.
   *
   * @param rawKey borrowed for the call, as {@code rawValue} is
   */
  public void propagating(Store store, ByteBuf rawKey, ByteBuf rawValue) {}

  /** Whether a client is answered before the replicas have its record. */
  public boolean answersEarly(boolean wanted) {
    return wanted;
  }

  /** A replica has something newer than what it was sent, which is no acknowledgement. */
  public void haveNewer(ReplicaReply reply, long clockTime) {
    reply.haveNewer(clockTime);
  }

  /**
   * Whether a coordinator may use a key before it has asked the other replicas.
   *
   * @param unverified whether they may have something newer
   * @param rebalancing whether there are two hash spaces
   */
  public boolean isOpen(boolean unverified, boolean rebalancing) {
    return !unverified;
  }
}
