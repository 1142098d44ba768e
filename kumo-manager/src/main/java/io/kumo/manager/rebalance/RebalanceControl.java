package io.kumo.manager.rebalance;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.log.LogId;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.OpenRebalance;
import io.kumo.manager.membership.HashSpaceBroadcast;
import io.kumo.manager.membership.MemberTable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs rebalances: carries out what the {@link RebalanceDirector} decides, and has it begin anew
 * when the hash space changes under it. Confined to the manager's loop.
 */
public final class RebalanceControl {
  private static final Logger log = LoggerFactory.getLogger(RebalanceControl.class);

  private static final long ASK_NS = Duration.ofSeconds(1).toNanos();

  private final MemberTable table;
  private final RebalanceDirector director;
  private final HashSpaceBroadcast broadcast;
  private final RebalanceRequests requests;
  private final TimeSource time;
  private long nextAskNs;

  public RebalanceControl(
      MemberTable table,
      RebalanceDirector director,
      HashSpaceBroadcast broadcast,
      RebalanceRequests requests,
      TimeSource time) {
    this.table = table;
    this.director = director;
    this.broadcast = broadcast;
    this.requests = requests;
    this.time = time;
    this.nextAskNs = time.nanoTime();
  }

  public RebalanceDirector director() {
    return director;
  }

  /** Replicas may differ: the next rebalance is a full one, and starts as soon as it can. */
  public void repair() {
    director.repair();
  }

  /** Starts a rebalance, whatever is running. */
  public void start(boolean full) {
    if (table.spaces().write().isEmpty()) {
      return;
    }
    director.putsBack(false);
    restart(full);
  }

  /**
   * Gives up the rebalance that is under way: who had records for its layout removes them, and
   * whoever is to have some is given them.
   *
   * @param mayServe of the servers that were taken out and are connected
   * @return why that cannot be; null when it is done, and has only to be made known
   */
  public @Nullable String cancel(Predicate<NodeAddress> mayServe) {
    if (director.phase() == RebalancePhase.DELETING) {
      return "records are where the new layout says, and are being removed elsewhere: it is too"
          + " late to cancel";
    } else if (!table.spaces().rebalancing()) {
      return director.phase().isRunning()
          ? "it gives no server other keys, but makes copies equal: it can only be paused"
          : "no rebalance is under way";
    }
    String objection = table.putBack(mayServe);
    if (objection == null) {
      log.warn("told to give the rebalance up: back to {}", table.spaces().write());
      director.putsBack(true);
      restart(false);
    }
    return objection;
  }

  private void restart(boolean full) {
    boolean whole = full || isRepairDue();
    if (namesAReplace(table.spaces().write().clockTime())) {
      table.renewVersion();
    }
    begin(whole);
  }

  private boolean isRepairDue() {
    return director.isRepairDue() || !table.behind().isEmpty();
  }

  /** One of this manager, or a finished one of a former director: a new one needs another name. */
  private boolean namesAReplace(long clockTime) {
    return clockTime == director.replaceTime() || clockTime == director.completedTime();
  }

  private void begin(boolean full) {
    director.publishing(full);
    broadcast.publish(() -> copyOrHold(full));
  }

  /**
   * Without a server that alone has some records, reads would follow to where they are not; and so
   * they would where none of those is there that are to have some, whose former owners would then
   * remove what nobody has been given.
   */
  private void copyOrHold(boolean full) {
    List<NodeAddress> absent = table.absentOwners();
    if (!absent.isEmpty()) {
      director.hold();
      log.warn(
          LogId.ONLY_COPY_AWAY,
          "the replace waits: only {} has some of the records; attach it again",
          absent);
      return;
    }
    HashSpace write = table.spaces().write();
    if (table.lacksReplicas()) {
      director.hold();
      log.warn(
          LogId.ONLY_COPY_AWAY,
          "the replace waits: some records would go to servers alone that are not there, of {};"
              + " attach them again, or detach them",
          write.nodes().stream().filter(node -> !node.active()).map(Node::address).toList());
      return;
    }
    log.info("start replace copy; full={}", full ? 1 : 0);
    log.info("active node: {}", write.nodes().stream().filter(Node::active).count());
    perform(director.begin(write, full, participants(), time.nanoTime()));
    broadcast.syncPartner(); // which says so, too
  }

  /** Goes on with what a former director left open. */
  public void resume() {
    HashSpace write = table.spaces().write();
    if (director.phase().isRunning() || write.isEmpty()) {
      return;
    }
    boolean complete = director.completedTime() == write.clockTime();
    if (table.spaces().rebalancing()) {
      log.info("going on with the replace time({})", Long.toUnsignedString(write.clockTime()));
      begin(isRepairDue());
    } else if (!complete && write.nodes().stream().allMatch(Node::active)) {
      perform(director.resumeDeletes(write, participants(), time.nanoTime()));
    }
  }

  /** Before anything is decided by a view: whom a former director knew to be behind. */
  public void recall(OpenRebalance open) {
    table.recallBehind(open.behind());
    if (!open.behind().isEmpty()) {
      director.repair();
    }
  }

  /** Goes on with what a view says that a former director left open. */
  public void takeOver(OpenRebalance open) {
    HashSpace write = table.spaces().write();
    if (director.phase().isRunning() || write.isEmpty()) {
      return;
    }
    switch (open.phase()) {
      case NONE -> {}
      case COPYING -> {
        log.info("going on with the replace time({})", Long.toUnsignedString(open.time()));
        begin(open.full() || isRepairDue());
      }
      case DELETING -> perform(director.resumeDeletes(write, participants(), time.nanoTime()));
    }
  }

  /** Newer hash spaces came from elsewhere: the rebalance that runs by former ones is over. */
  public void superseded(boolean directs) {
    if (!isOutdated()) {
      return;
    }
    stop();
    if (directs) {
      resume();
    }
  }

  /**
   * The layout was changed without a rebalance being asked for. One that runs by the former layout
   * could never end, as servers refuse its delete phase: it begins anew.
   */
  public void layoutChanged() {
    if (isOutdated()) {
      start(director.isFull());
    }
  }

  /** Whether servers were asked for something by a write hash space that is no longer present. */
  private boolean isOutdated() {
    boolean asked = director.phase().isRunning() && director.phase() != RebalancePhase.PUBLISHING;
    return asked && director.replaceTime() != table.spaces().write().clockTime();
  }

  /** Another manager directs. */
  public void stop() {
    director.stop();
  }

  /** Nodes were marked fault; the change has been handed to {@link HashSpaceBroadcast#publish}. */
  public void faultsMarked() {
    switch (director.phase()) {
      case IDLE, RETRYING -> {}
      case PUBLISHING, HELD, COPYING -> begin(director.isFull());
      case DELETING -> director.statesChanged(table.spaces().write());
    }
  }

  /** A server is gone. */
  public void lost(NodeAddress server) {
    boolean deleting = director.phase() == RebalancePhase.DELETING;
    if (deleting || !table.spaces().write().isActive(server)) {
      perform(director.lost(server, time.nanoTime()));
    }
  }

  public void copyEnded(NodeAddress server, long replaceTime) {
    perform(director.copyEnded(server, replaceTime, time.nanoTime()));
  }

  public void deleteEnded(NodeAddress server, long replaceTime) {
    perform(director.deleteEnded(server, replaceTime, time.nanoTime()));
  }

  public void progressed(NodeAddress server, PhaseProgress progress) {
    director.progressed(server, progress, time.nanoTime());
  }

  /** To be called at least once a second. */
  public void tick(boolean directs) {
    long nowNs = time.nanoTime();
    if (table.orders().rebalancePaused()) {
      director.paused(nowNs);
    }
    perform(director.tick(nowNs));
    if (director.phase().isRunning() && nowNs - nextAskNs >= 0) {
      nextAskNs = nowNs + ASK_NS;
      director.waitingFor().stream()
          .filter(server -> table.info(server).extended())
          .forEach(server -> requests.askProgress(server, p -> progressed(server, p)));
    }
    boolean held = director.phase() == RebalancePhase.HELD;
    switch (director.due(directs, held && mustWait(), nowNs)) {
      case NOTHING -> {}
      case RETRY -> start(director.isFull());
      case FULL -> start(true);
    }
  }

  private boolean mustWait() {
    return !table.absentOwners().isEmpty() || table.lacksReplicas();
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
    if (director.isFull()) {
      table.madeEqual();
    }
    broadcast.publish(() -> perform(rest));
  }

  private void perform(RebalanceAction action) {
    if (action instanceof RebalanceAction.StartCopy copy) {
      NodeAddress server = copy.server();
      requests.startCopy(server, copy.write(), copy.full(), () -> sendFailed(server));
    } else if (action instanceof RebalanceAction.StartDelete delete) {
      NodeAddress server = delete.server();
      requests.startDelete(server, delete.write(), () -> sendFailed(server));
    } else if (action instanceof RebalanceAction.Finish finish) {
      finish(finish);
    } else if (action instanceof RebalanceAction.Abandon abandon) {
      abandon(abandon);
    }
  }

  private void sendFailed(NodeAddress server) {
    director.sendFailed(server, time.nanoTime());
  }

  private void finish(RebalanceAction.Finish finish) {
    log.info("replace finished time({})", Long.toUnsignedString(finish.replaceTime()));
    director.completed(finish.replaceTime());
    broadcast.publish();
  }

  private static void abandon(RebalanceAction.Abandon abandon) {
    log.warn(
        LogId.REBALANCE_GIVEN_UP,
        "replace time({}) abandoned: {} made no progress; next try in {} s",
        Long.toUnsignedString(abandon.replaceTime()),
        abandon.waitingFor(),
        Duration.ofNanos(abandon.retryNs()).toSeconds());
  }
}
