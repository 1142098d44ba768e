package io.kumo.manager.rebalance;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.membership.ManagerOutbox;
import io.kumo.manager.membership.MemberTable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs rebalances: carries out what the {@link RebalanceDirector} decides, and has it begin anew
 * when the hash space changes under it. Confined to the manager's loop.
 */
public final class RebalanceControl {
  private static final Logger log = LoggerFactory.getLogger(RebalanceControl.class);

  private static final long FIRST_RETRY_NS = Duration.ofSeconds(30).toNanos();
  private static final long MAX_RETRY_NS = Duration.ofMinutes(10).toNanos();
  private static final long ASK_NS = Duration.ofSeconds(1).toNanos();

  private final MemberTable table;
  private final RebalanceDirector director;
  private final ManagerOutbox outbox;
  private final TimeSource time;
  private final QuietPeriod retry = new QuietPeriod();
  private long retryNs = FIRST_RETRY_NS;
  private long nextAskNs;
  private long settledTime;
  private boolean repairDue;
  private boolean beginning;
  private boolean held;

  public RebalanceControl(
      MemberTable table, RebalanceDirector director, ManagerOutbox outbox, TimeSource time) {
    this.table = table;
    this.director = director;
    this.outbox = outbox;
    this.time = time;
    this.nextAskNs = time.nanoTime();
  }

  public RebalanceDirector director() {
    return director;
  }

  /**
   * The ClockTime of the write hash space by which every server has removed what it does not own; 0
   * when unknown. Only while it is that of the present one may tombstones be dropped.
   */
  public long settledTime() {
    return settledTime;
  }

  /** A partner or server knows how far a former director got. */
  public void learnSettled(long clockTime) {
    if (Long.compareUnsigned(clockTime, settledTime) > 0) {
      settledTime = clockTime;
      repairDue = false;
    }
  }

  /** Replicas may differ: the next replace is a full one, and starts as soon as it can. */
  public void repair() {
    repairDue = true;
  }

  /** Starts a replace, whatever is running. */
  public void start(boolean full) {
    if (table.spaces().write().isEmpty()) {
      return;
    }
    retry.cancel();
    boolean whole = full || repairDue;
    if (director.replaceTime() == table.spaces().write().clockTime()) {
      table.renewVersion();
    }
    begin(whole);
  }

  private void begin(boolean full) {
    beginning = true;
    held = false;
    director.hold();
    outbox.publish(
        () -> {
          beginning = false;
          copyOrHold(full);
        });
  }

  /** Without a server that alone has some records, reads would follow to where they are not. */
  private void copyOrHold(boolean full) {
    List<NodeAddress> absent = table.absentOwners();
    held = !absent.isEmpty();
    if (held) {
      log.warn("the replace waits: only {} has some of the records; attach it again", absent);
      return;
    }
    HashSpace write = table.spaces().write();
    log.info("start replace copy; full={}", full ? 1 : 0);
    log.info("active node: {}", write.nodes().stream().filter(Node::active).count());
    perform(director.begin(write, full, participants(), time.nanoTime()));
    outbox.syncPartner(); // which says so, too
  }

  /** Names the replace that copies now; 0 if none does. */
  public long copyingTime() {
    return director.phase() == RebalancePhase.COPYING ? director.replaceTime() : 0;
  }

  /** Goes on with what a former director left open. */
  public void resume() {
    HashSpace write = table.spaces().write();
    if (director.phase() != RebalancePhase.IDLE || write.isEmpty()) {
      return;
    }
    if (table.spaces().rebalancing()) {
      log.info("going on with the replace time({})", Long.toUnsignedString(write.clockTime()));
      begin(repairDue);
    } else if (settledTime != write.clockTime() && write.nodes().stream().allMatch(Node::active)) {
      perform(director.resumeDeletes(write, participants(), time.nanoTime()));
    }
  }

  /** Newer hash spaces came from elsewhere: the replace that runs by former ones is over. */
  public void superseded(boolean directs) {
    boolean current = director.replaceTime() == table.spaces().write().clockTime();
    if (director.phase() == RebalancePhase.IDLE || current || beginning) {
      return;
    }
    stop();
    if (directs) {
      resume();
    }
  }

  /**
   * The layout was changed without a replace being asked for. One that runs by the former layout
   * could never end, as servers refuse its delete phase: it begins anew.
   */
  public void layoutChanged() {
    boolean current = director.replaceTime() == table.spaces().write().clockTime();
    if (director.phase() != RebalancePhase.IDLE && !current && !beginning) {
      start(director.isFull());
    }
  }

  /** Another manager directs. */
  public void stop() {
    director.stop();
    retry.cancel();
    held = false;
  }

  /** Nodes were marked fault; the change has been handed to {@link ManagerOutbox#publish}. */
  public void faultsMarked() {
    switch (director.phase()) {
      case IDLE -> {}
      case COPYING -> begin(director.isFull());
      case DELETING -> director.statesChanged(table.spaces().write());
    }
  }

  /** A server is gone. */
  public void lost(NodeAddress server) {
    if (director.phase() == RebalancePhase.DELETING || !table.spaces().write().isActive(server)) {
      perform(director.lost(server, time.nanoTime()));
    }
  }

  public void copyEnded(NodeAddress server, long replaceTime) {
    perform(director.copyEnded(server, replaceTime, time.nanoTime()));
  }

  public void deleteEnded(NodeAddress server, long replaceTime) {
    perform(director.deleteEnded(server, replaceTime, time.nanoTime()));
  }

  /** A request to start a phase did not get through. */
  public void sendFailed(NodeAddress server) {
    director.sendFailed(server, time.nanoTime());
  }

  public void progressed(NodeAddress server, PhaseProgress progress) {
    director.progressed(server, progress, time.nanoTime());
  }

  public void tick(boolean directs) {
    long nowNs = time.nanoTime();
    perform(director.tick(nowNs));
    if (director.phase() != RebalancePhase.IDLE && nowNs - nextAskNs >= 0) {
      nextAskNs = nowNs + ASK_NS;
      director.waitingFor().stream()
          .filter(server -> table.info(server).extended())
          .forEach(outbox::askProgress);
    }
    if (retry.elapsed(nowNs) && directs) {
      start(director.isFull());
    }
    if (held && directs && table.absentOwners().isEmpty()) {
      // Who was away has missed writes of keys that others have, too.
      start(true);
    }
    boolean idle = director.phase() == RebalancePhase.IDLE && !retry.isArmed();
    if (repairDue && directs && idle && !beginning) {
      start(true);
    }
  }

  /**
   * The connected servers, and the active ones that are not connected at the moment: only they may
   * have some of the records. They take part when they are back, or are marked fault.
   */
  private List<Participant> participants() {
    Set<NodeAddress> servers = new TreeSet<>(table.live().keySet());
    servers.addAll(table.missing());
    return servers.stream()
        .map(server -> new Participant(server, table.info(server).extended()))
        .toList();
  }

  private void perform(List<RebalanceAction> actions) {
    for (int i = 0; i < actions.size(); i++) {
      if (actions.get(i) instanceof RebalanceAction.FollowReads follow) {
        List<RebalanceAction> rest = actions.subList(i + 1, actions.size());
        followReads(follow, rest);
        return;
      }
      perform(actions.get(i));
    }
  }

  private void followReads(RebalanceAction.FollowReads follow, List<RebalanceAction> rest) {
    log.info("start replace delete time({})", Long.toUnsignedString(follow.replaceTime()));
    table.completeCopy();
    outbox.publish(() -> perform(rest));
  }

  private void perform(RebalanceAction action) {
    if (action instanceof RebalanceAction.StartCopy copy) {
      outbox.startCopy(copy.server(), copy.write(), copy.full());
    } else if (action instanceof RebalanceAction.StartDelete delete) {
      outbox.startDelete(delete.server(), delete.write());
    } else if (action instanceof RebalanceAction.Finish finish) {
      finish(finish);
    } else if (action instanceof RebalanceAction.Abandon abandon) {
      abandon(abandon);
    }
  }

  private void finish(RebalanceAction.Finish finish) {
    log.info("replace finished time({})", Long.toUnsignedString(finish.replaceTime()));
    retryNs = FIRST_RETRY_NS;
    settledTime = finish.replaceTime();
    repairDue &= !director.isFull();
    outbox.publish(() -> {});
  }

  private void abandon(RebalanceAction.Abandon abandon) {
    log.warn(
        "replace time({}) abandoned: {} made no progress; next try in {} s",
        Long.toUnsignedString(abandon.replaceTime()),
        abandon.waitingFor(),
        Duration.ofNanos(retryNs).toSeconds());
    retry.restart(time.nanoTime(), retryNs);
    retryNs = Math.min(2 * retryNs, MAX_RETRY_NS);
  }
}
