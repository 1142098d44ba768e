package io.kumo.manager.rebalance;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;

/**
 * Leads a rebalance through its phases: {@link RebalancePhase#COPYING} until every server has
 * copied, {@link RebalancePhase#DELETING} until every server has removed, and knows what is to be
 * started next by itself.
 *
 * <p>A rebalance is named by the ClockTime of its write hash space. Requests are repeated to
 * servers that do not end: an extended server goes on with what it is doing, or answers again that
 * it has ended. A server that is lost is waited for no longer. When servers make no progress for a
 * long time the rebalance is given up, so that no phase stays open, and tried again at growing
 * intervals. A new {@link #begin} takes the place of whatever runs.
 *
 * <p>Confined to one thread; the time comes in.
 */
public final class RebalanceDirector {
  private final PhaseWait wait = new PhaseWait();
  private final List<Participant> participants = new ArrayList<>();
  private RebalancePhase phase = RebalancePhase.IDLE;
  private RebalanceOutcome outcome = RebalanceOutcome.NONE;
  private long replaceTime;
  private HashSpace write = HashSpace.EMPTY;
  private boolean full;
  private PhaseProgress copied = PhaseProgress.NONE;
  private long completedTime;
  private boolean repairDue;
  private boolean puttingBack;
  private final RetryPause retry = new RetryPause();

  public RebalancePhase phase() {
    return phase;
  }

  /** How the rebalance before the running one ended, or the last one. */
  public RebalanceOutcome outcome() {
    return outcome;
  }

  /** The ClockTime that names the running rebalance, or the last one; 0 before the first. */
  public long replaceTime() {
    return replaceTime;
  }

  /** Names the rebalance that has not come to its delete phase yet; 0 if none runs. */
  public long copyingTime() {
    return phase.isBeforeReadsFollow() ? replaceTime : 0;
  }

  public boolean isFull() {
    return full;
  }

  /** The servers that the running phase waits for. */
  public SortedSet<NodeAddress> waitingFor() {
    return wait.servers();
  }

  /** The sum over the servers of the running phase. */
  public PhaseProgress progress() {
    return wait.progress();
  }

  /** The sum over the servers of the whole copy phase, once that has ended. */
  public PhaseProgress copied() {
    return copied;
  }

  /**
   * The ClockTime of the write hash space by which every server has removed what it does not own; 0
   * when unknown. Only while it is that of the present one may tombstones be dropped.
   */
  public long completedTime() {
    return completedTime;
  }

  /** A partner or server knows how far a former director got. */
  public void learnCompleted(long clockTime) {
    if (Long.compareUnsigned(clockTime, completedTime) > 0) {
      completedTime = clockTime;
      repairDue = false;
    }
  }

  /** What a committed view says of it counts, whatever was known. */
  public void resetCompleted(long clockTime) {
    completedTime = clockTime;
  }

  /** Replicas may differ: the next rebalance is a full one, and is due as soon as it can begin. */
  public void repair() {
    repairDue = true;
  }

  public boolean isRepairDue() {
    return repairDue;
  }

  /**
   * A new layout is being made known; the copy phase of whatever runs is over.
   *
   * @param whole whether what follows is to compare every record
   */
  public void publishing(boolean whole) {
    phase = RebalancePhase.PUBLISHING;
    full = whole;
    wait.cancel();
  }

  /**
   * What begins next goes back to the layout before the one that runs, or is an ordinary one.
   *
   * @param back whether it is the end of another one, and no rebalance of its own
   */
  public void putsBack(boolean back) {
    puttingBack = back;
  }

  /** An operator has servers move nothing: that is no standstill of theirs. */
  public void paused(long nowNs) {
    wait.standStill(nowNs);
  }

  /** Only absent servers have some of the records. */
  public void hold() {
    phase = RebalancePhase.HELD;
    wait.cancel();
  }

  /** Another manager directs now; nothing more is expected here. */
  public void stop() {
    phase = RebalancePhase.IDLE;
    wait.cancel();
  }

  /** Starts the copy phase, whatever was running. */
  public List<RebalanceAction> begin(
      HashSpace writeSpace, boolean whole, Collection<Participant> servers, long nowNs) {
    name(writeSpace, whole, servers);
    return enter(RebalancePhase.COPYING, nowNs);
  }

  /** Starts with the delete phase: the copies were all made under a former director. */
  public List<RebalanceAction> resumeDeletes(
      HashSpace writeSpace, Collection<Participant> servers, long nowNs) {
    name(writeSpace, false, servers);
    return enter(RebalancePhase.DELETING, nowNs);
  }

  private void name(HashSpace writeSpace, boolean whole, Collection<Participant> servers) {
    write = writeSpace;
    replaceTime = writeSpace.clockTime();
    full = whole;
    participants.clear();
    participants.addAll(servers);
    copied = PhaseProgress.NONE;
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
   * @param time the rebalance that it names
   */
  public List<RebalanceAction> copyEnded(NodeAddress server, long time, long nowNs) {
    boolean current = phase == RebalancePhase.COPYING && time == replaceTime;
    return current ? end(server, nowNs) : List.of();
  }

  /**
   * A server has removed everything.
   *
   * @param time of the write hash space that it worked by; later than the rebalance if a node was
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
    wait.sendFailed(server, nowNs);
  }

  /** The server told how far it is. */
  public void progressed(NodeAddress server, PhaseProgress progress, long nowNs) {
    wait.progressed(server, progress, nowNs);
  }

  /** Repeats requests and gives up on standstill; to be called about every second. */
  public List<RebalanceAction> tick(long nowNs) {
    PhaseWait.Overdue due = wait.due(nowNs);
    return due.stalled().isEmpty()
        ? due.repeat().stream().map(this::request).toList()
        : abandon(due.stalled(), nowNs);
  }

  /**
   * What is to be started now. What was given up is due once, and lapses if this manager does not
   * direct then.
   */
  public DueRebalance due(boolean directs, boolean ownersAbsent, long nowNs) {
    return switch (phase) {
      case RETRYING -> retry(directs, nowNs);
      // Who was away has missed writes of keys that others have, too.
      case HELD -> directs && !ownersAbsent ? DueRebalance.FULL : DueRebalance.NOTHING;
      case IDLE -> directs && repairDue ? DueRebalance.FULL : DueRebalance.NOTHING;
      case PUBLISHING, COPYING, DELETING -> DueRebalance.NOTHING;
    };
  }

  private DueRebalance retry(boolean directs, long nowNs) {
    if (!retry.isOver(nowNs)) {
      return DueRebalance.NOTHING;
    }
    phase = RebalancePhase.IDLE;
    return directs ? DueRebalance.RETRY : DueRebalance.NOTHING;
  }

  /** {@link RebalanceAction.Finish} has been carried out: everybody may know. */
  public void completed(long finishedTime) {
    completedTime = finishedTime;
    retry.reset();
    repairDue &= !full;
  }

  private List<RebalanceAction> abandon(SortedSet<NodeAddress> stalled, long nowNs) {
    wait.cancel();
    phase = RebalancePhase.RETRYING;
    outcome = RebalanceOutcome.ABANDONED;
    return List.of(new RebalanceAction.Abandon(replaceTime, stalled, retry.begin(nowNs)));
  }

  private List<RebalanceAction> end(NodeAddress server, long nowNs) {
    return wait.end(server) && wait.isOver() ? next(nowNs) : List.of();
  }

  private List<RebalanceAction> next(long nowNs) {
    return switch (phase) {
      case IDLE, PUBLISHING, HELD, RETRYING -> List.of();
      case COPYING -> {
        List<RebalanceAction> actions = new ArrayList<>();
        copied = wait.progress();
        actions.add(new RebalanceAction.FollowReads(replaceTime));
        actions.addAll(enter(RebalancePhase.DELETING, nowNs));
        yield actions;
      }
      case DELETING -> finish();
    };
  }

  private List<RebalanceAction> finish() {
    phase = RebalancePhase.IDLE;
    outcome = puttingBack ? RebalanceOutcome.CANCELLED : RebalanceOutcome.FINISHED;
    puttingBack = false;
    return List.of(new RebalanceAction.Finish(replaceTime));
  }

  private List<RebalanceAction> enter(RebalancePhase next, long nowNs) {
    phase = next;
    wait.begin(participants, nowNs);
    return wait.isOver() ? next(nowNs) : participants.stream().map(this::request).toList();
  }

  private RebalanceAction request(Participant participant) {
    return switch (phase) {
      case IDLE, PUBLISHING, HELD, RETRYING ->
          throw new IllegalStateException("nothing is asked of servers while " + phase);
      case COPYING -> new RebalanceAction.StartCopy(participant.server(), write, full);
      case DELETING -> new RebalanceAction.StartDelete(participant.server(), write);
    };
  }
}
