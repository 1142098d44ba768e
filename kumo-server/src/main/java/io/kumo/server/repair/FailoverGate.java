package io.kumo.server.repair;

import io.kumo.core.item.RawKey;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.ClientWrites;
import io.kumo.server.write.Coordinator;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.round.WriteContext;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * The gate of a coordinator: a key whose newest record may be elsewhere is recovered from the other
 * replicas, made equal on all of them, and only then served.
 *
 * <p>That covers three things: a node that became the first active one of a range, a rebalance in
 * which the records are still where they were, and a write that ended in doubt.
 *
 * <p>Invariants, all on the main loop:
 *
 * <ul>
 *   <li>Which keys are held is decided by {@link UnverifiedRanges} alone; what empties these in the
 *       background are {@link AntiEntropy} and {@link RepairQueue}, which come through this gate.
 *   <li>Of one hash at most one {@link KeyRecovery} runs; whoever needs the key waits for it.
 *   <li>Recoveries, those who wait for them and the values that they hold are bounded.
 * </ul>
 */
public final class FailoverGate implements KeyGate {
  private static final int MAX_RUNNING = 10_000;
  private static final int MAX_WAITING = 100_000;

  /** The values of keys being recovered may be this part of what pending writes may be. */
  private static final int PENDING_BYTES_SHARE = 2;

  private final WriteContext context;
  private final UnverifiedRanges unverified;
  private final AntiEntropy antiEntropy;
  private final RepairQueue repairs;
  private final Map<Long, KeyRecovery> running = new HashMap<>();
  private LongPredicate writes = hash -> false;
  private int waiting;
  private long heldBytes;

  public FailoverGate(WriteContext context) {
    this.context = context;
    this.unverified =
        new UnverifiedRanges(context.spaces().self(), context.spaces().current().write());
    this.antiEntropy = new AntiEntropy(context, unverified, this);
    this.repairs = new RepairQueue(context, unverified, this);
  }

  @Override
  public boolean isOpen(long hash, ByteBuf rawKey) {
    boolean rebalancing = context.spaces().current().rebalancing();
    return unverified.isEmpty() || context.rules().isOpen(unverified.contains(hash), rebalancing);
  }

  @Override
  public void open(long hash, ByteBuf rawKey, Waiter waiter) {
    assert context.transport().inLoop();
    KeyRecovery recovery = running.get(hash);
    if (waiting >= MAX_WAITING || (recovery == null && isFull())) {
      context.metrics().add(ServerMetric.OVERLOADED);
      waiter.failed("too many keys are being recovered");
      return;
    }
    waiting++;
    if (recovery != null) {
      recovery.add(waiter);
      return;
    }
    recovery =
        new KeyRecovery(
            context, ClientWrites.copy(rawKey), !unverified.contains(hash), new RecoveryProgress());
    running.put(hash, recovery);
    recovery.add(waiter);
    recovery.start();
  }

  private boolean isFull() {
    return running.size() >= MAX_RUNNING
        || heldBytes > context.limits().maxPendingBytes() / PENDING_BYTES_SHARE;
  }

  @Override
  public void repair(ByteBuf rawKey) {
    if (unverified.add(RawKey.hash(rawKey))) {
      repairs.addUnverified(rawKey);
    } else {
      antiEntropy.restart();
    }
  }

  @Override
  public void compare(ByteBuf rawKey) {
    repairs.add(rawKey);
  }

  /**
   * What replicas have of a key that is being written is no leftover.
   *
   * @param underWay as {@link Coordinator#isWriting}
   */
  public void setWrites(LongPredicate underWay) {
    writes = underWay;
  }

  /** Begins to verify in the background what this process holds from its start on. */
  public void start() {
    antiEntropy.restart();
  }

  /** Keys that are being recovered now. */
  public int runningCount() {
    return running.size();
  }

  /** Whether this server may serve all keys that it coordinates without asking. */
  public boolean isVerified() {
    return unverified.isEmpty();
  }

  /**
   * Another view is installed; before the coordinator is told, who asks what is open by it.
   *
   * @param continuous as in {@link ViewHolder.Dispatch}
   */
  public void viewInstalled(HashSpaces spaces, boolean continuous) {
    assert context.transport().inLoop();
    unverified.changed(spaces.write(), continuous);
    beginAgain();
  }

  /** Records are gone from this server's store: of no key is the newest surely here any more. */
  public void recordsRemoved() {
    assert context.transport().inLoop();
    unverified.doubtAll();
    beginAgain();
  }

  private void beginAgain() {
    for (KeyRecovery recovery : new ArrayList<>(running.values())) {
      recovery.startAnew();
    }
    antiEntropy.restart();
  }

  private final class RecoveryProgress implements KeyRecovery.Owner {
    @Override
    public void holds(long change) {
      heldBytes += change;
    }

    @Override
    public boolean isBeingWritten(long hash) {
      return writes.test(hash);
    }

    @Override
    public void ended(KeyRecovery recovery, boolean recovered) {
      running.remove(recovery.hash());
      waiting -= recovery.waiters();
      if (recovered) {
        context.metrics().add(ServerMetric.RECOVERED);
        unverified.verified(recovery.hash());
      } else {
        context.metrics().add(ServerMetric.PULL_FAILED);
      }
    }

    @Override
    public Set<NodeAddress> formerReplicas(long hash) {
      return unverified.formerReplicas(hash);
    }
  }
}
