package io.kumo.server.write;

import io.kumo.core.transport.Cancellable;
import io.kumo.server.metrics.ServerHistogram;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.write.round.WriteContext;
import io.kumo.server.write.round.WriteLimits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Puts the writes of every key that this server coordinates into one order and sees each through.
 *
 * <p>Invariants, all on the main loop:
 *
 * <ul>
 *   <li>Of one key at most one write is under way; the others wait in the order of their arrival.
 *       Keys of one hash count as one key, which costs nothing and saves comparing them.
 *   <li>A write begins only while this server is the key's first active node in the write hash
 *       space, under a lease where views count by votes, and after the {@link KeyGate} has let the
 *       key through. It is acknowledged under a lease, too.
 *   <li>A write is readable here only when every active replica has it, see {@link PendingWrite}.
 *       Reads wait for one whose client was answered before: it must see what it has stored.
 *   <li>Pending writes are bounded in number and bytes, and none outlives its deadline.
 * </ul>
 */
public final class Coordinator {
  private static final long SWEEP_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final WriteContext context;
  private final KeyGate gate;
  private final Map<Long, KeyQueue> queues = new HashMap<>();

  /** Stored here, but not durable yet; in the order of their deadlines. */
  private final Deque<PendingWrite> applied = new ArrayDeque<>();

  private final Progress progress = new Progress();
  private final WriteBarrier barrier;
  private int pendingCount;
  private int earlyCount;
  private long pendingBytes;
  private @Nullable Cancellable sweep;

  public Coordinator(WriteContext context, KeyGate gate) {
    this.context = context;
    this.gate = gate;
    this.barrier = new WriteBarrier(context.transport());
  }

  /** Holds all writes back that have not begun. */
  public WriteBarrier barrier() {
    return barrier;
  }

  /** Whether no write is under way, but those that wait for their turn, the gate or the barrier. */
  public boolean isQuiet() {
    for (KeyQueue queue : queues.values()) {
      PendingWrite head = queue.head();
      if (head != null && !head.isWaiting()) {
        return false;
      }
    }
    return applied.stream().allMatch(PendingWrite::isDone);
  }

  /** Answers through the request's reply, perhaps before it returns. */
  public void submit(WriteRequest request) {
    assert context.transport().inLoop();
    if (!context.spaces().takesWrites(request.hash())) {
      request.reply().refused();
      return;
    }
    Long key = request.hash();
    KeyQueue queue = queues.get(key);
    if (isFull(request, queue)) {
      context.metrics().add(ServerMetric.OVERLOADED);
      request.reply().unknown("overloaded");
      return;
    }
    if (queue == null) {
      queue = new KeyQueue(key);
      queues.put(key, queue);
    }
    context.metrics().sizes(ServerHistogram.PENDING_WRITES).add(pendingCount);
    context.metrics().requests().write(request.rawKey(), request.bytes());
    pendingCount++;
    earlyCount += request.answerEarly() ? 1 : 0;
    pendingBytes += request.bytes();
    queue.add(new PendingWrite(context, request, progress, queue));
    drain(queue);
    scheduleSweep();
  }

  /** Whether reads of keys of this hash have to wait; see {@link #afterWrite}. */
  public boolean holdsReads(long hash) {
    if (earlyCount == 0) {
      return false;
    }
    KeyQueue queue = queues.get(hash);
    PendingWrite head = queue == null ? null : queue.head();
    return head != null && head.isAnsweredEarly();
  }

  /** Whether a write of a key of this hash may be on some replicas, and not readable here. */
  public boolean isWriting(long hash) {
    KeyQueue queue = queues.get(hash);
    PendingWrite head = queue == null ? null : queue.head();
    return head != null && !head.isWaiting();
  }

  /**
   * Has the reader run, once, when the write that holds it is over; only while it is held.
   *
   * @return false when too many wait for that already
   */
  public boolean afterWrite(long hash, Runnable reader) {
    KeyQueue queue = queues.get(hash);
    if (queue == null) {
      throw new IllegalStateException("nothing holds the reader");
    }
    if (queue.readers() >= context.limits().maxPendingPerKey()) {
      context.metrics().add(ServerMetric.OVERLOADED);
      return false;
    }
    queue.addReader(reader);
    return true;
  }

  /** Writes under way or waiting. */
  public int pendingCount() {
    return pendingCount;
  }

  /** Gives every pending write up; for the end of the process. */
  public void close() {
    assert context.transport().inLoop();
    if (sweep != null) {
      sweep.cancel();
    }
    pending().forEach(write -> each(write, () -> write.unknown("the server stops")));
  }

  private boolean isFull(WriteRequest request, @Nullable KeyQueue queue) {
    WriteLimits limits = context.limits();
    return pendingCount >= limits.maxPending()
        || pendingBytes + request.bytes() > limits.maxPendingBytes()
        || (queue != null && queue.size() >= limits.maxPendingPerKey());
  }

  /**
   * Starts waiting writes until one is under way; a loop, so that writes which end at once nest no
   * calls.
   */
  private void drain(KeyQueue queue) {
    if (!queue.enterDrain()) {
      return;
    }
    try {
      for (PendingWrite next = queue.takeTurn(); next != null; next = queue.takeTurn()) {
        begin(next);
      }
    } finally {
      queue.leaveDrain();
      if (queue.isEmpty()) {
        queues.remove(queue.key(), queue);
      }
    }
  }

  private void begin(PendingWrite write) {
    WriteRequest request = write.request();
    if (barrier.isRaised()) {
      barrier.hold(() -> beginAgain(write));
    } else if (!request.isWanted()) {
      context.metrics().add(ServerMetric.ABANDONED);
      write.unknown("nobody waits for it");
    } else if (!context.spaces().takesWrites(request.hash())) {
      write.moved();
    } else if (gate.isOpen(request.hash(), request.rawKey()) && !write.hasToAsk()) {
      write.start();
    } else {
      write.asksOthers();
      gate.open(request.hash(), request.rawKey(), new GatedWrite(write));
    }
  }

  private void beginAgain(PendingWrite write) {
    if (write.isWaiting()) {
      begin(write);
    }
  }

  private void sweep() {
    sweep = null;
    long nowNs = context.transport().time().nanoTime();
    for (PendingWrite write : pending()) {
      if (write.isOverdue(nowNs)) {
        context.metrics().add(ServerMetric.WRITE_TIMED_OUT);
        each(write, () -> write.unknown("not acknowledged in time"));
      }
    }
    sweepApplied(nowNs);
    scheduleSweep();
  }

  /** What one write throws is no reason to leave the others as they are. */
  private void each(PendingWrite write, Runnable step) {
    context.transport().guard().run("write", write, step);
  }

  private void sweepApplied(long nowNs) {
    PendingWrite oldest = applied.peek();
    while (oldest != null && (oldest.isDone() || oldest.isOverdue(nowNs))) {
      PendingWrite write = applied.remove();
      if (!write.isDone()) {
        context.metrics().add(ServerMetric.WRITE_TIMED_OUT);
        each(write, () -> write.unknown("not durable in time"));
      }
      oldest = applied.peek();
    }
  }

  private void scheduleSweep() {
    if (sweep == null && !(queues.isEmpty() && applied.isEmpty())) {
      sweep = context.transport().schedule(SWEEP_NS, this::sweep);
    }
  }

  /**
   * A write is done by the coordinator that it was given to, or not at all: when another one may
   * have coordinated its key in between, that one may have answered a repetition of it.
   *
   * @param continuous as in {@link io.kumo.server.view.ViewHolder.Dispatch}
   */
  public void viewInstalled(boolean continuous) {
    for (PendingWrite write : pending()) {
      each(write, () -> viewInstalled(write, continuous));
    }
  }

  private void viewInstalled(PendingWrite write, boolean continuous) {
    WriteRequest request = write.request();
    if (!continuous || !context.spaces().isCoordinator(request.hash())) {
      write.moved();
    } else if (gate.isOpen(request.hash(), request.rawKey())) {
      write.hashSpacesChanged();
    } else if (write.rewind()) {
      begin(write);
    }
  }

  private List<PendingWrite> pending() {
    List<PendingWrite> all = new ArrayList<>(pendingCount);
    for (KeyQueue queue : queues.values()) {
      queue.addAllTo(all);
    }
    return all;
  }

  /** Learns how each write goes on. */
  private final class Progress implements WriteProgress {
    @Override
    public void damaged(PendingWrite write) {
      WriteRequest request = write.request();
      gate.open(request.hash(), request.rawKey(), new GatedWrite(write));
    }

    @Override
    public void keyReleased(PendingWrite write) {
      WriteRequest request = write.request();
      if (write.isInDoubt()) {
        gate.repair(request.rawKey());
      }
      KeyQueue queue = write.queue();
      queue.release(write);
      if (queue.readers() > 0) {
        queue.takeReaders().forEach(r -> context.transport().guard().run("reader", r, r));
      }
      drain(queue);
    }

    @Override
    public void awaitsDisk(PendingWrite write) {
      applied.add(write);
      scheduleSweep();
    }

    @Override
    public void ended(PendingWrite write) {
      long tookNs = context.nowNs() - write.sinceNs();
      context.metrics().sizes(ServerHistogram.WRITE_SECONDS).add(tookNs / 1000);
      WriteRequest over = write.request();
      long nowMillis = context.transport().time().unixMillis();
      context.metrics().requests().took(over.rawKey(), over.bytes(), tookNs, nowMillis);
      pendingCount--;
      earlyCount -= write.request().answerEarly() ? 1 : 0;
      pendingBytes -= write.request().bytes();
    }
  }

  /** A write whose turn has come, but whose key the gate still holds. */
  private final class GatedWrite implements KeyGate.Waiter {
    private final PendingWrite write;

    GatedWrite(PendingWrite write) {
      this.write = write;
    }

    @Override
    public void opened() {
      beginAgain(write);
    }

    @Override
    public void moved() {
      write.moved();
    }

    @Override
    public void failed(String reason) {
      if (write.isWaiting()) {
        write.unknown(reason);
      }
    }
  }
}
