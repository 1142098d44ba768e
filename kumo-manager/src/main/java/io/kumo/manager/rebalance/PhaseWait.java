package io.kumo.manager.rebalance;

import io.kumo.core.ring.NodeAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whom the running phase waits for, and how far each of them is. Confined to one thread. */
final class PhaseWait {
  /** Until a request that failed on the way is repeated. */
  static final long RETRY_NS = Duration.ofSeconds(1).toNanos();

  /** Until a request that was taken is repeated to an extended server. */
  static final long REPEAT_NS = Duration.ofSeconds(10).toNanos();

  /** How long an extended server may stand still. */
  static final long STALL_NS = Duration.ofMinutes(2).toNanos();

  /** How long a kumofs 0.4.13 server, which does not tell how far it is, may take for a phase. */
  static final long SILENT_STALL_NS = Duration.ofHours(2).toNanos();

  /**
   * What a look at the time found.
   *
   * @param repeat those that have not ended for long enough to be asked again
   * @param stalled those that have made no progress for too long
   */
  record Overdue(List<Participant> repeat, SortedSet<NodeAddress> stalled) {}

  private static final class Unfinished {
    final Participant participant;
    long repeatAtNs;
    long movedAtNs;
    PhaseProgress progress = PhaseProgress.NONE;

    Unfinished(Participant participant, long nowNs) {
      this.participant = participant;
      sent(nowNs);
      movedAtNs = nowNs;
    }

    void sent(long nowNs) {
      repeatAtNs = nowNs + (participant.extended() ? REPEAT_NS : SILENT_STALL_NS);
    }

    boolean stalled(long nowNs) {
      return nowNs - movedAtNs >= (participant.extended() ? STALL_NS : SILENT_STALL_NS);
    }
  }

  private final SortedMap<NodeAddress, Unfinished> waiting = new TreeMap<>();
  private PhaseProgress ended = PhaseProgress.NONE;

  /** A phase begins, of which each has been asked to do its part. */
  void begin(Collection<Participant> participants, long nowNs) {
    ended = PhaseProgress.NONE;
    waiting.clear();
    participants.forEach(p -> waiting.put(p.server(), new Unfinished(p, nowNs)));
  }

  /** Waits for nobody any more. */
  void cancel() {
    waiting.clear();
  }

  boolean isOver() {
    return waiting.isEmpty();
  }

  SortedSet<NodeAddress> servers() {
    return new TreeSet<>(waiting.keySet());
  }

  /** The sum over all servers of the phase, those that have ended included. */
  PhaseProgress progress() {
    return waiting.values().stream().map(w -> w.progress).reduce(ended, PhaseProgress::plus);
  }

  /** The server has done its part, or is gone; whether it was waited for. */
  boolean end(NodeAddress server) {
    Unfinished entry = waiting.remove(server);
    if (entry != null) {
      ended = ended.plus(entry.progress);
    }
    return entry != null;
  }

  /** The request did not get through. */
  void sendFailed(NodeAddress server, long nowNs) {
    Unfinished entry = waiting.get(server);
    if (entry != null) {
      entry.repeatAtNs = nowNs + RETRY_NS;
    }
  }

  /** The server told how far it is. */
  void progressed(NodeAddress server, PhaseProgress progress, long nowNs) {
    Unfinished entry = waiting.get(server);
    if (entry != null && !entry.progress.equals(progress)) {
      entry.progress = progress;
      entry.movedAtNs = nowNs;
    }
  }

  /** Nobody is to make progress for now. */
  void standStill(long nowNs) {
    waiting.values().forEach(entry -> entry.movedAtNs = nowNs);
  }

  Overdue due(long nowNs) {
    SortedSet<NodeAddress> stalled = new TreeSet<>();
    List<Participant> repeat = new ArrayList<>();
    for (Unfinished entry : waiting.values()) {
      if (entry.stalled(nowNs)) {
        stalled.add(entry.participant.server());
      } else if (nowNs - entry.repeatAtNs >= 0) {
        entry.sent(nowNs);
        repeat.add(entry.participant);
      }
    }
    return new Overdue(repeat, stalled);
  }
}
