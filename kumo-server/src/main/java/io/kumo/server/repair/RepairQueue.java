package io.kumo.server.repair;

import io.kumo.core.item.RawKey;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.write.ClientWrites;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.round.WriteContext;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys whose replicas are to be made equal in the background: those of writes that ended in doubt,
 * of damaged records, and of reads that had to go past the coordinator.
 *
 * <p>Invariants, all on the main loop:
 *
 * <ul>
 *   <li>A bounded number of keys wait, each once, in the order in which they came; of these a few
 *       are repaired at a time. What comes beyond the bound is left to whoever asks for the key.
 *   <li>While keys wait a timer is set, or one of those being repaired will go on with the next.
 * </ul>
 */
final class RepairQueue {
  private static final Logger log = LoggerFactory.getLogger(RepairQueue.class);
  private static final int MAX_COMPARED = 10_000;
  private static final int MAX_WAITING = MAX_COMPARED + UnverifiedRanges.MAX_SUSPECT;
  private static final int MAX_AT_ONCE = 8;
  private static final long PAUSE_NS = Duration.ofMillis(500).toNanos();

  private final WriteContext context;
  private final UnverifiedRanges unverified;
  private final KeyGate gate;
  private final Map<Long, WaitingRepair> waiting = new LinkedHashMap<>();
  private int repairing;
  private boolean timerSet;
  private boolean nextQueued;

  /**
   * One that waits.
   *
   * @param onlyUnverified whether it is of no interest any more once the key is verified
   */
  private record WaitingRepair(ByteBuf key, boolean onlyUnverified) {}

  /**
   * @param gate makes the replicas of a key equal before it opens
   */
  RepairQueue(WriteContext context, UnverifiedRanges unverified, KeyGate gate) {
    this.context = context;
    this.unverified = unverified;
    this.gate = gate;
  }

  /** Compares the replicas once; borrows the key. */
  void add(ByteBuf rawKey) {
    add(rawKey, MAX_COMPARED, false);
  }

  /** Makes the replicas equal unless the key is verified before; borrows the key. */
  void addUnverified(ByteBuf rawKey) {
    add(rawKey, MAX_WAITING, true);
  }

  private void add(ByteBuf rawKey, int limit, boolean onlyUnverified) {
    assert context.transport().inLoop();
    if (waiting.size() >= limit) {
      context.metrics().add(ServerMetric.REPAIR_DROPPED);
      return;
    }
    WaitingRepair entry = new WaitingRepair(ClientWrites.copy(rawKey), onlyUnverified);
    waiting.putIfAbsent(RawKey.hash(rawKey), entry);
    setTimer();
  }

  /** One timer serves all that wait. */
  private void setTimer() {
    if (!timerSet && !waiting.isEmpty()) {
      timerSet = true;
      context.transport().schedule(PAUSE_NS, this::timerFired);
    }
  }

  private void timerFired() {
    timerSet = false;
    try {
      repairNext();
    } finally {
      setTimer();
    }
  }

  private void repairNext() {
    List<Long> due = new ArrayList<>();
    for (Long hash : waiting.keySet()) {
      if (repairing + due.size() >= MAX_AT_ONCE) {
        break;
      }
      due.add(hash);
    }
    for (Long hash : due) {
      WaitingRepair next = waiting.remove(hash);
      boolean mine = next != null && context.spaces().isCoordinator(hash);
      if (mine && (!next.onlyUnverified() || unverified.contains(hash))) {
        repairing++;
        gate.open(hash, next.key(), new Repair(next.key()));
      }
    }
  }

  /** The next one need not wait, but for the stack. */
  private void ended() {
    repairing--;
    if (!nextQueued && !waiting.isEmpty()) {
      nextQueued = true;
      context
          .transport()
          .execute(
              () -> {
                nextQueued = false;
                repairNext();
              });
    }
  }

  /** Waits for a key only so that it is made equal. */
  private final class Repair implements KeyGate.Waiter {
    private final ByteBuf key;

    Repair(ByteBuf key) {
      this.key = key;
    }

    @Override
    public void opened() {
      context.metrics().add(ServerMetric.REPAIRED);
      ended();
    }

    @Override
    public void moved() {
      ended();
    }

    @Override
    public void failed(String reason) {
      repairing--;
      log.debug("a key could not be repaired yet: {}", reason);
      long hash = RawKey.hash(key);
      if (context.spaces().isCoordinator(hash) && unverified.contains(hash)) {
        gate.repair(key);
      }
    }
  }
}
