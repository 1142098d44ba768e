package io.kumo.server.transfer;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a copy gives to one server: its stream, what it is asked first, and the places in the scan
 * at which the stream can be taken up again. Confined to the stream loop.
 */
final class CopyLane {
  private static final int CHECKPOINT_BATCHES = 16;
  private static final int MAX_CHECKPOINTS = 1024;

  /** A place in the scan, and how many pairs its stream had been given when it was there. */
  private record Checkpoint(long pairs, ScanPosition position) {}

  final OutgoingStream stream;
  final Comparison comparison;
  private final Deque<Checkpoint> checkpoints = new ArrayDeque<>();
  private @Nullable Differences differences;
  private boolean comparing;
  private int batches;
  private long offeredNs;

  /**
   * @param start a place in the scan before which the target was given nothing
   */
  CopyLane(OutgoingStream stream, Comparison comparison, ScanPosition start, long nowNs) {
    this.stream = stream;
    this.comparison = comparison;
    this.offeredNs = nowNs;
    checkpoints.add(new Checkpoint(0, start));
  }

  /** Whether its target has come, and it is to be found out where that differs. */
  boolean isToBeCompared() {
    return isUncompared() && !comparing && stream.state() != OutgoingStream.StreamState.OFFERED;
  }

  /** Whether it is not known yet where its target differs. */
  boolean isUncompared() {
    return comparison.isPossible() && differences == null && !stream.isOver();
  }

  /** It is being found out. */
  void compares() {
    comparing = true;
  }

  /** From now on nothing else is looked at for its target. */
  void compared(Differences found) {
    differences = found;
    comparison.retain(found);
  }

  /** Where its target differs; null when nobody has found out. */
  @Nullable Differences differences() {
    return differences;
  }

  /** Whether the target may lack the record of this hash. */
  boolean differs(long hash) {
    Differences known = differences;
    return known == null || known.contains(hash);
  }

  /** Whether more may be added now; what has ended does not hold the others up. */
  boolean isReady() {
    return stream.isReady() || stream.isOver();
  }

  /** Whether the receiver has not come yet, and the time to offer it again has. */
  boolean isToBeOffered(long nowNs, long periodNs) {
    boolean due =
        stream.state() == OutgoingStream.StreamState.OFFERED && nowNs - offeredNs >= periodNs;
    if (due) {
      offeredNs = nowNs;
    }
    return due;
  }

  /**
   * The scan goes on from here. What the target is still to be asked about lies before that place
   * and is not in its stream, so that it is no place to go back to.
   */
  void passes(ScanPosition position) {
    batches++;
    if (batches >= CHECKPOINT_BATCHES && comparison.isIdle()) {
      batches = 0;
      checkpoints.add(new Checkpoint(stream.pairs(), position));
      forgetAcknowledged();
      if (checkpoints.size() > MAX_CHECKPOINTS) {
        thinOut();
      }
    }
    comparison.nextBatch();
  }

  /** Keeps the last one that everything before is stored of. */
  private void forgetAcknowledged() {
    while (checkpoints.size() > 1 && second().pairs <= stream.acknowledged()) {
      checkpoints.removeFirst();
    }
  }

  private Checkpoint second() {
    Checkpoint first = checkpoints.removeFirst();
    Checkpoint second = checkpoints.getFirst();
    checkpoints.addFirst(first);
    return second;
  }

  private void thinOut() {
    Deque<Checkpoint> kept = new ArrayDeque<>();
    int i = 0;
    for (Checkpoint checkpoint : checkpoints) {
      if (i++ % 2 == 0) {
        kept.add(checkpoint);
      }
    }
    checkpoints.clear();
    checkpoints.addAll(kept);
  }

  ScanPosition resumeAt() {
    forgetAcknowledged();
    return checkpoints.getFirst().position;
  }
}
