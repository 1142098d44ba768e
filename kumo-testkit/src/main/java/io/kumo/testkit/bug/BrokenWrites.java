package io.kumo.testkit.bug;

import io.kumo.core.protocol.Fence;
import io.kumo.server.replica.ReplicaReply;
import io.kumo.server.store.Store;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.round.WriteRules;
import io.netty.buffer.ByteBuf;

/** Rules of replication, each with one of them broken. */
final class BrokenWrites {
  private BrokenWrites() {}

  static final class AcknowledgeEarly extends WriteRules {
    @Override
    public boolean answersEarly(boolean wanted) {
      return true;
    }
  }

  static final class NewerIsAcknowledgement extends WriteRules {
    @Override
    public void haveNewer(ReplicaReply reply, long clockTime) {
      reply.stored();
    }
  }

  static final class NoFence extends WriteRules {
    @Override
    public boolean admits(ViewHolder view, Fence fence, long hash, boolean byReadSpace) {
      return true;
    }
  }

  static final class NoKeyRecovery extends WriteRules {
    @Override
    public boolean isOpen(boolean unverified, boolean rebalancing) {
      return !rebalancing || super.isOpen(unverified, rebalancing);
    }
  }

  static final class NoPull extends WriteRules {
    @Override
    public boolean isOpen(boolean unverified, boolean rebalancing) {
      return rebalancing || super.isOpen(unverified, rebalancing);
    }
  }

  static final class DirtyReads extends WriteRules {
    @Override
    public void propagating(Store store, ByteBuf rawKey, ByteBuf rawValue) {
      store.update(rawKey, rawValue);
    }
  }
}
