package io.kumo.server.repair;

import io.kumo.core.bug.KnownBug;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.view.Reads;
import io.kumo.server.write.ClientWrites;
import io.kumo.server.write.Coordinator;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.WriteContext;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate of a coordinator: a key whose newest record may be elsewhere is fetched from every other
 * replica, made equal on all of them, and only then served. Main loop only.
 *
 * <p>That covers three things: a node that became the first active one of a range, a rebalance in
 * which the records are still where they were, and a write that ended in doubt. What is owed is
 * decided by {@link Obligations}.
 */
public final class Takeover implements KeyGate {
  private static final Logger log = LoggerFactory.getLogger(Takeover.class);
  private static final int MAX_RUNNING = 10_000;
  private static final int MAX_WAITING = 100_000;

  /** The values of keys being taken over may be this part of what pending writes may be. */
  private static final int PENDING_BYTES_SHARE = 2;

  private static final int MAX_REPAIRS_WAITING = 10_000;
  private static final int MAX_REPAIRS_AT_ONCE = 8;
  private static final long REPAIR_PAUSE_NS = Duration.ofMillis(500).toNanos();

  private final WriteContext context;
  private final Obligations obligations;
  private final Settlement settlement;
  private final Map<Long, KeyRecovery> running = new HashMap<>();
  private final Map<Long, Comparison> repairs = new LinkedHashMap<>();
  private LongPredicate writes = hash -> false;
  private int waiting;
  private long heldBytes;
  private int repairing;
  private boolean repairDue;
  private boolean repairNow;

  /**
   * A key whose replicas are to be compared.
   *
   * @param owed whether only as long as the key is owed
   */
  private record Comparison(ByteBuf key, boolean owed) {}

  public Takeover(WriteContext context) {
    this.context = context;
    this.obligations = new Obligations(context.spaces().self(), context.spaces().current().write());
    this.settlement = new Settlement(context, obligations, this);
    context.spaces().addChangeListener(this::hashSpacesChanged);
  }

  @Override
  public boolean isOpen(long hash, ByteBuf rawKey) {
    return obligations.none() || !obligations.owes(hash) || isBugPlanted();
  }

  private boolean isBugPlanted() {
    return context.spaces().current().rebalancing()
        ? KnownBug.NO_PULL.isPlanted()
        : KnownBug.NO_TAKEOVER.isPlanted();
  }

  @Override
  public void open(long hash, ByteBuf rawKey, Waiter waiter) {
    assert context.transport().inLoop();
    KeyRecovery recovery = running.get(hash);
    if (waiting >= MAX_WAITING || (recovery == null && isFull())) {
      context.metrics().add(ServerMetric.OVERLOADED);
      waiter.failed("too many keys are being taken over");
      return;
    }
    waiting++;
    if (recovery != null) {
      recovery.add(waiter);
      return;
    }
    recovery =
        new KeyRecovery(context, ClientWrites.copy(rawKey), !obligations.owes(hash), new Owner());
    running.put(hash, recovery);
    recovery.add(waiter);
    recovery.start();
  }

  private boolean isFull() {
    return running.size() >= MAX_RUNNING
        || heldBytes > context.limits().maxPendingBytes() / PENDING_BYTES_SHARE;
  }

  /**
   * What replicas have of a key that is being written is no leftover.
   *
   * @param underWay as {@link Coordinator#isWriting}
   */
  public void setWrites(LongPredicate underWay) {
    writes = underWay;
  }

  /** Begins to settle what the process owes from its start on. */
  public void start() {
    settlement.restart();
  }

  /** Keys that are being fetched now. */
  public int runningCount() {
    return running.size();
  }

  /** Whether this server may serve all keys that it coordinates without asking. */
  public boolean isSettled() {
    return obligations.none();
  }

  private final class Owner implements KeyRecovery.Owner {
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
        context.metrics().add(ServerMetric.TAKEN_OVER);
        obligations.fetched(recovery.hash());
      } else {
        context.metrics().add(ServerMetric.PULL_FAILED);
      }
    }

    @Override
    public Set<NodeAddress> formerReplicas(long hash) {
      return obligations.formerReplicas(hash);
    }
  }

  private void hashSpacesChanged(HashSpaces spaces, boolean continuous) {
    assert context.transport().inLoop();
    obligations.changed(spaces.write(), continuous);
    for (KeyRecovery recovery : new ArrayList<>(running.values())) {
      recovery.hashSpacesChanged();
    }
    settlement.restart();
  }

  // ---- repair in the background ----

  @Override
  public void repair(ByteBuf rawKey) {
    obligations.suspect(Reads.hash(rawKey));
    enqueue(rawKey, true);
  }

  @Override
  public void compare(ByteBuf rawKey) {
    enqueue(rawKey, false);
  }

  private void enqueue(ByteBuf rawKey, boolean owed) {
    assert context.transport().inLoop();
    if (repairs.size() >= MAX_REPAIRS_WAITING) {
      context.metrics().add(ServerMetric.REPAIR_DROPPED);
      return;
    }
    Comparison comparison = new Comparison(ClientWrites.copy(rawKey), owed);
    repairs.putIfAbsent(Reads.hash(rawKey), comparison);
    repairLater();
  }

  /** One timer serves all that wait. */
  private void repairLater() {
    if (!repairDue && !repairs.isEmpty()) {
      repairDue = true;
      context.transport().schedule(REPAIR_PAUSE_NS, this::repairDue);
    }
  }

  private void repairDue() {
    repairDue = false;
    try {
      repairNext();
    } finally {
      repairLater();
    }
  }

  /** The next one need not wait, but for the stack. */
  private void repaired() {
    repairing--;
    if (!repairNow && !repairs.isEmpty()) {
      repairNow = true;
      context
          .transport()
          .execute(
              () -> {
                repairNow = false;
                repairNext();
              });
    }
  }

  private void repairNext() {
    List<Long> due = new ArrayList<>();
    for (Long hash : repairs.keySet()) {
      if (repairing + due.size() >= MAX_REPAIRS_AT_ONCE) {
        break;
      }
      due.add(hash);
    }
    for (Long hash : due) {
      Comparison next = repairs.remove(hash);
      boolean mine = next != null && context.spaces().isCoordinator(hash);
      if (mine && (!next.owed() || obligations.owes(hash))) {
        repairing++;
        open(hash, next.key(), new Repair(next.key()));
      }
    }
  }

  /** Somebody who waits for a key only so that it is made equal. */
  private final class Repair implements Waiter {
    private final ByteBuf key;

    Repair(ByteBuf key) {
      this.key = key;
    }

    @Override
    public void opened() {
      context.metrics().add(ServerMetric.REPAIRED);
      repaired();
    }

    @Override
    public void moved() {
      repaired();
    }

    @Override
    public void failed(String reason) {
      repairing--;
      log.debug("a key could not be repaired yet: {}", reason);
      long hash = Reads.hash(key);
      if (context.spaces().isCoordinator(hash) && obligations.owes(hash)) {
        repair(key);
      }
    }
  }
}
