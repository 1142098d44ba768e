package io.kumo.manager.rebalance;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Leads a replace through its phases: IDLE, COPYING until every server has copied, DELETING until
 * every server has removed, IDLE.
 *
 * <p>A replace is named by the ClockTime of its write hash space. Requests are repeated to servers
 * that do not end: an extended server goes on with what it is doing, or answers again that it has
 * ended. A server that is lost is waited for no longer. When servers make no progress for a long
 * time the replace is given up, so that no phase stays open. A new {@link #begin} takes the place
 * of whatever runs.
 *
 * <p>Confined to one thread; the time comes in.
 */
public final class RebalanceDirector {
  /** Until a request that failed on the way is repeated. */
  static final long RETRY_NS = Duration.ofSeconds(1).toNanos();

  /** Until a request that was taken is repeated to an extended server. */
  static final long REPEAT_NS = Duration.ofSeconds(10).toNanos();

  /** How long an extended server may stand still. */
  static final long STALL_NS = Duration.ofMinutes(2).toNanos();

  /** How long a kumofs 0.4.13 server, which does not tell how far it is, may take for a phase. */
  static final long SILENT_STALL_NS = Duration.ofHours(2).toNanos();

  private static final class Waiting {
    final Participant participant;
    long repeatAtNs;
    long movedAtNs;
    PhaseProgress progress = PhaseProgress.NONE;

    Waiting(Participant participant, long nowNs) {
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

  private final SortedMap<NodeAddress, Waiting> waiting = new TreeMap<>();
  private final List<Participant> participants = new ArrayList<>();
  private RebalancePhase phase = RebalancePhase.IDLE;
  private RebalanceOutcome outcome = RebalanceOutcome.NONE;
  private long replaceTime;
  private HashSpace write = HashSpace.EMPTY;
  private boolean full;
  private PhaseProgress ended = PhaseProgress.NONE;
  private PhaseProgress copied = PhaseProgress.NONE;

  public RebalancePhase phase() {
    return phase;
  }

  /** How the replace before the running one ended, or the last one. */
  public RebalanceOutcome outcome() {
    return outcome;
  }

  /** The ClockTime that names the running replace, or the last one; 0 before the first. */
  public long replaceTime() {
    return replaceTime;
  }

  public boolean isFull() {
    return full;
  }

  /** The servers that the running phase waits for. */
  public SortedSet<NodeAddress> waitingFor() {
    return new TreeSet<>(waiting.keySet());
  }

  /** The sum over the servers of the running phase. */
  public PhaseProgress progress() {
    return waiting.values().stream().map(w -> w.progress).reduce(ended, PhaseProgress::plus);
  }

  /** The sum over the servers of the whole copy phase, once that has ended. */
  public PhaseProgress copied() {
    return copied;
  }

  /** Starts the copy phase, whatever was running. */
  public List<RebalanceAction> begin(
      HashSpace writeSpace, boolean fullReplace, Collection<Participant> servers, long nowNs) {
    write = writeSpace;
    replaceTime = writeSpace.clockTime();
    full = fullReplace;
    participants.clear();
    participants.addAll(servers);
    copied = PhaseProgress.NONE;
    return enter(RebalancePhase.COPYING, nowNs);
  }

  /** Starts with the delete phase: the copies were all made under a former director. */
  public List<RebalanceAction> resumeDeletes(
      HashSpace writeSpace, Collection<Participant> servers, long nowNs) {
    write = writeSpace;
    replaceTime = writeSpace.clockTime();
    full = false;
    participants.clear();
    participants.addAll(servers);
    copied = PhaseProgress.NONE;
    return enter(RebalancePhase.DELETING, nowNs);
  }

  /**
   * The hash space changes, and the copy phase begins anew with the new one, when it can: until
   * then nothing that servers tell ends it.
   */
  public void hold() {
    phase = RebalancePhase.COPYING;
    waiting.clear();
  }

  /** Another manager directs now; nothing more is expected here. */
  public void stop() {
    phase = RebalancePhase.IDLE;
    waiting.clear();
  }

  /**
   * Nodes were marked fault after all copies were made: repeated requests carry this from now on.
   */
  public void statesChanged(HashSpace writeSpace) {
    write = writeSpace;
  }

  /**
   * A server has copied everything.
   *
   * @param time the replace that it names
   */
  public List<RebalanceAction> copyEnded(NodeAddress server, long time, long nowNs) {
    return phase == RebalancePhase.COPYING && time == replaceTime ? end(server, nowNs) : List.of();
  }

  /**
   * A server has removed everything.
   *
   * @param time of the write hash space that it worked by; later than the replace if a node was
   *     marked fault since
   */
  public List<RebalanceAction> deleteEnded(NodeAddress server, long time, long nowNs) {
    boolean current = Long.compareUnsigned(time, replaceTime) >= 0;
    return phase == RebalancePhase.DELETING && current ? end(server, nowNs) : List.of();
  }

  /** The server is gone. One that was active also changes the hash space, so begin anew. */
  public List<RebalanceAction> lost(NodeAddress server, long nowNs) {
    participants.removeIf(participant -> participant.server().equals(server));
    return end(server, nowNs);
  }

  /** The request did not get through. */
  public void sendFailed(NodeAddress server, long nowNs) {
    Waiting entry = waiting.get(server);
    if (entry != null) {
      entry.repeatAtNs = nowNs + RETRY_NS;
    }
  }

  /** The server told how far it is. */
  public void progressed(NodeAddress server, PhaseProgress progress, long nowNs) {
    Waiting entry = waiting.get(server);
    if (entry != null && !entry.progress.equals(progress)) {
      entry.progress = progress;
      entry.movedAtNs = nowNs;
    }
  }

  /** Repeats requests and gives up on standstill; to be called about every second. */
  public List<RebalanceAction> tick(long nowNs) {
    SortedSet<NodeAddress> stalled = new TreeSet<>();
    List<RebalanceAction> repeats = new ArrayList<>();
    for (Waiting entry : waiting.values()) {
      if (entry.stalled(nowNs)) {
        stalled.add(entry.participant.server());
      } else if (nowNs - entry.repeatAtNs >= 0) {
        entry.sent(nowNs);
        repeats.add(request(entry.participant));
      }
    }
    return stalled.isEmpty() ? repeats : abandon(stalled);
  }

  private List<RebalanceAction> abandon(SortedSet<NodeAddress> stalled) {
    stop();
    outcome = RebalanceOutcome.ABANDONED;
    return List.of(new RebalanceAction.Abandon(replaceTime, stalled));
  }

  private List<RebalanceAction> end(NodeAddress server, long nowNs) {
    Waiting entry = waiting.remove(server);
    if (entry == null) {
      return List.of();
    }
    ended = ended.plus(entry.progress);
    return waiting.isEmpty() ? next(nowNs) : List.of();
  }

  private List<RebalanceAction> next(long nowNs) {
    return switch (phase) {
      case IDLE -> List.of();
      case COPYING -> {
        List<RebalanceAction> actions = new ArrayList<>();
        copied = ended;
        actions.add(new RebalanceAction.FollowReads(replaceTime));
        actions.addAll(enter(RebalancePhase.DELETING, nowNs));
        yield actions;
      }
      case DELETING -> finish();
    };
  }

  private List<RebalanceAction> finish() {
    phase = RebalancePhase.IDLE;
    outcome = RebalanceOutcome.FINISHED;
    return List.of(new RebalanceAction.Finish(replaceTime));
  }

  private List<RebalanceAction> enter(RebalancePhase next, long nowNs) {
    phase = next;
    ended = PhaseProgress.NONE;
    waiting.clear();
    participants.forEach(p -> waiting.put(p.server(), new Waiting(p, nowNs)));
    return waiting.isEmpty() ? next(nowNs) : participants.stream().map(this::request).toList();
  }

  private RebalanceAction request(Participant participant) {
    return switch (phase) {
      case IDLE -> throw new IllegalStateException("no replace is running");
      case COPYING -> new RebalanceAction.StartCopy(participant.server(), write, full);
      case DELETING -> new RebalanceAction.StartDelete(participant.server(), write);
    };
  }
}
