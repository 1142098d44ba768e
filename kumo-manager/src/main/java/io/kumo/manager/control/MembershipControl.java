package io.kumo.manager.control;

import io.kumo.core.bug.KnownBug;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.election.ColdStart;
import io.kumo.manager.election.PartnerState;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.membership.FailureDetector;
import io.kumo.manager.membership.ManagerOutbox;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.ServerInfo;
import io.kumo.manager.rebalance.RebalanceControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what happens to servers and the partner into hash spaces. Only the manager that {@linkplain
 * PartnerSync#directs directs} and knows what the cluster is ({@link ColdStart}) changes them; the
 * other keeps watch, so that it can take over at once. Confined to the manager's loop.
 */
public final class MembershipControl {
  private static final Logger log = LoggerFactory.getLogger(MembershipControl.class);

  /**
   * A server tries a manager that was away at least every two seconds. One that was away itself may
   * be the first, and show an old hash space in which it is alone.
   */
  private static final long WARM_UP_NS = Duration.ofSeconds(3).toNanos();

  private final MemberTable table;
  private final FailureDetector detector;
  private final NodeWatch watch;
  private final PartnerSync partner;
  private final ColdStart cold;
  private final RebalanceControl rebalance;
  private final ManagerOutbox outbox;
  private final TimeSource time;
  private final Set<NodeAddress> skewed = new HashSet<>();
  private final long startedNs;
  private boolean directed;

  /**
   * @param partner in the state of a process that has just started
   */
  public MembershipControl(
      MemberTable table,
      FailureDetector detector,
      NodeWatch watch,
      PartnerSync partner,
      ColdStart cold,
      RebalanceControl rebalance,
      ManagerOutbox outbox,
      TimeSource time) {
    this.table = table;
    this.detector = detector;
    this.watch = watch;
    this.partner = partner;
    this.cold = cold;
    this.rebalance = rebalance;
    this.outbox = outbox;
    this.time = time;
    this.startedNs = time.nanoTime();
  }

  /** Whether this manager may change hash spaces now. */
  public boolean mayDecide() {
    return cold.isOver() && partner.directs() && !watch.isDoubting();
  }

  /** Why {@link #attach} and the like would be refused now; null if they would not. */
  public @Nullable String objection() {
    if (partner.isRetired()) {
      return "this cluster goes by other managers now";
    }
    if (watch.isDoubting()) {
      return "this manager may be cut off: it hears nothing of the servers";
    }
    if (!partner.directs()) {
      return "the partner has not been heard yet";
    }
    List<NodeAddress> unheard = new ArrayList<>(cold.awaited());
    table.live().entrySet().stream()
        .filter(entry -> entry.getValue().extended() && !cold.hasReported(entry.getKey()))
        .forEach(entry -> unheard.add(entry.getKey()));
    if (!cold.isOver() && !unheard.isEmpty()) {
      return "waiting for servers of the cluster to say what they know: " + unheard;
    }
    return null;
  }

  // ---- servers ----

  public void serverAppeared(NodeAddress server, ServerInfo info) {
    log.info("server connected {}", server);
    table.connected(server, info);
    watch.appeared(server);
    reconcile();
  }

  public void serverLost(NodeAddress server) {
    if (table.isLive(server)) {
      log.warn("server lost {}", server);
    }
    skewed.remove(server);
    table.disconnected(server);
    watch.lost(server);
    decideOnLost();
  }

  /** Who has fallen silent may be lost, or nobody but this manager. */
  private void decideOnLost() {
    List<NodeAddress> lost = watch.judge();
    review();
    reconcile();
    lost.forEach(rebalance::lost);
  }

  /** A server's clock differs from this manager's by more than is allowed, or does no longer. */
  public void clockChecked(NodeAddress server, boolean withinBounds, long skewMs) {
    if (withinBounds || partner.isPartner(server)) {
      skewed.remove(server);
    } else if (skewed.add(server)) {
      log.warn(
          "the clock of {} is {} ms off; it is not made active until set right", server, skewMs);
    }
  }

  public boolean isSkewed(NodeAddress server) {
    return skewed.contains(server);
  }

  /**
   * A server has shown the hash spaces that it accepted last.
   *
   * @param clean whether its previous process stopped in an orderly way, or is still running
   */
  public void serverReported(
      NodeAddress server, HashSpaces shown, Map<NodeAddress, ServerInfo> infos, boolean clean) {
    cold.reported(server, shown, infos, clean);
    if (cold.isOver()) {
      if (isNewer(shown) && table.adopt(shown, infos)) {
        log.warn("{} knew a newer hash space; taken over", server);
        rebalance.superseded(mayDecide());
        reconcile();
        publishIfDirecting();
      }
    } else {
      warmUp();
    }
  }

  private boolean isNewer(HashSpaces shown) {
    return ClockTime.isNewer(shown.write().clockTime(), table.spaces().write().clockTime())
        || ClockTime.isNewer(shown.read().clockTime(), table.spaces().read().clockTime());
  }

  private void warmUp() {
    boolean known = !cold.newest().write().nodes().isEmpty();
    boolean heardAll = cold.awaited().isEmpty() && time.nanoTime() - startedNs >= WARM_UP_NS;
    boolean waits = !heardAll && !KnownBug.COLD_START_WITHOUT_WAITING.isPlanted();
    if (!cold.isOver() && known && partner.directs() && !waits) {
      adoptNewest();
    }
  }

  private void adoptNewest() {
    log.info("the servers know the cluster: {}", cold.newest().write());
    table.adopt(cold.newest(), cold.infos());
    table.acceptProcesses();
    cold.end();
    boolean crashed = !cold.crashed().isEmpty() && !KnownBug.RETURNING_SERVER_TRUSTED.isPlanted();
    if (crashed && !cold.allCrashed()) {
      log.warn("{} did not stop cleanly, and may lack what others have", cold.crashed());
      table.markFault(cold.crashed());
      logChange();
    } else if (crashed) {
      table.renewVersion();
    }
    review();
    if (crashed && cold.allCrashed()) {
      log.warn("no server stopped cleanly: a full replace will make replicas equal");
      rebalance.repair();
    }
  }

  /** Marks what is known to be gone or restarted, and starts to wait for what is not connected. */
  private void reconcile() {
    List<NodeAddress> faults = table.restarted();
    for (NodeAddress server : table.missing()) {
      if (watch.isGone(server)) {
        faults.add(server);
      } else {
        watch.expect(server);
      }
    }
    if (mayDecide() && !faults.isEmpty() && table.markFault(faults)) {
      logChange();
      outbox.publish(() -> {});
      rebalance.faultsMarked();
    }
  }

  // ---- the partner ----

  public void partnerAppeared(boolean extended) {
    log.info("partner connected {}", partner.partner());
    partner.connected(extended, time.nanoTime());
    NodeAddress address = partner.partner();
    if (address != null) {
      watch.appeared(address);
    }
    outbox.syncPartner();
    review();
  }

  public void partnerLost() {
    if (partner.inTouch()) {
      log.warn("partner lost {}", partner.partner());
    }
    NodeAddress address = partner.partner();
    partner.disconnected(time.nanoTime());
    if (address != null) {
      watch.lost(address);
    }
    warmUp();
    decideOnLost();
  }

  /**
   * The partner has sent its hash spaces.
   *
   * @param infos null from a kumofs 0.4.13 partner
   * @return whether anything was taken over
   */
  public boolean partnerSynced(HashSpaces received, @Nullable Map<NodeAddress, ServerInfo> infos) {
    boolean parted = hasParted(received);
    if (partner.state() == PartnerState.CONNECTED) {
      watch.partnerMet();
    }
    boolean changed = table.adopt(received, infos);
    partner.agreed(table.spaces().write().clockTime());
    if (!table.spaces().write().nodes().isEmpty()) {
      cold.end();
    }
    partner.received(time.nanoTime());
    warmUp();
    reconcile();
    review();
    if (changed) {
      rebalance.superseded(mayDecide());
    }
    if (parted) {
      log.warn("both managers acted while apart: a full replace will make replicas equal");
      rebalance.repair();
    }
    return changed;
  }

  /** Whether both managers have changed the write hash space since both had the same. */
  private boolean hasParted(HashSpaces received) {
    long own = table.spaces().write().clockTime();
    long theirs = received.write().clockTime();
    long agreed = partner.agreedClockTime();
    return partner.state() == PartnerState.CONNECTED
        && !received.write().nodes().isEmpty()
        && agreed != 0
        && own != agreed
        && theirs != agreed
        && own != theirs;
  }

  /** Acts on a change of who directs. */
  private void review() {
    boolean directs = mayDecide();
    boolean undecided = partner.state() == PartnerState.CONNECTED;
    boolean early = directs && watch.isOpen();
    if (undecided || early || directs == directed) {
      return;
    }
    directed = directs;
    if (directs) {
      log.info("this manager directs");
      reconcile();
      outbox.publish(() -> {});
      rebalance.resume();
    } else {
      rebalance.stop();
    }
  }

  private void publishIfDirecting() {
    if (mayDecide()) {
      outbox.publish(() -> {});
    }
  }

  // ---- time ----

  /** Something was heard of the node. */
  public void heard(NodeAddress node) {
    watch.heard(node);
  }

  /** Bytes of the node have come, at that time, though they may not have been looked at. */
  public void heard(NodeAddress node, long whenNs) {
    detector.heard(node, whenNs);
  }

  /** To be called {@link FailureDetector#CHECKS_PER_INTERVAL} times in a keepalive interval. */
  public void tick() {
    long nowNs = time.nanoTime();
    NodeAddress address = partner.partner();
    if (partner.tick(nowNs) && address != null && !partner.inTouch()) {
      watch.lost(address);
    }
    warmUp();
    decideOnLost();
    FailureDetector.Verdict verdict = detector.check(nowNs);
    verdict.due().forEach(outbox::keepAlive);
    verdict.lost().forEach(watch::lost); // Before it is decided what the silence of one means.
    for (NodeAddress node : verdict.lost()) {
      outbox.drop(node, "no heartbeat");
      if (!partner.isPartner(node)) {
        serverLost(node);
      }
    }
    table.missing().stream()
        .filter(server -> outbox.isDead(server) && !watch.isGone(server))
        .forEach(this::serverLost);
  }

  // ---- what is asked of it ----

  /** Whether servers have ever been attached, as far as this manager knows. */
  boolean hasCluster() {
    return !table.spaces().write().nodes().isEmpty();
  }

  /** Makes the newcomers whose clocks are right active; whether there were any. */
  public boolean attach() {
    cold.end();
    directed = mayDecide();
    List<NodeAddress> eligible =
        table.newcomers().stream().filter(server -> !skewed.contains(server)).toList();
    if (losesEverything(eligible)) {
      return false;
    }
    boolean missedWrites = table.absentOwners().stream().anyMatch(eligible::contains);
    boolean changed = !eligible.isEmpty() && table.attach(eligible);
    if (changed) {
      if (missedWrites && table.spaces().read().nodes().stream().filter(Node::active).count() > 1) {
        // It is not copied to like others that were away: it has some records that nobody else has.
        rebalance.repair();
      }
      logChange();
      eligible.forEach(server -> log.info("new server: {}", server));
    }
    return changed;
  }

  /** Without one of the servers that hold records, the cluster would go on with nothing. */
  private boolean losesEverything(Collection<NodeAddress> servers) {
    HashSpace read = table.spaces().read();
    boolean loses =
        table.isAllFault() && servers.stream().noneMatch(server -> read.find(server).isPresent());
    if (loses) {
      log.warn("no server that holds records is there: waiting for one of {}", read.nodes());
    }
    return loses;
  }

  /** Takes the fault nodes out of the write hash space; whether there were any. */
  public boolean detach() {
    if (table.spaces().write().isEmpty()) {
      log.warn("no server is left that is not fault: none is detached");
      return false;
    }
    boolean changed = table.detach();
    if (changed) {
      logChange();
    }
    return changed;
  }

  /** Stops waiting for servers that have not shown what they know. */
  public void force() {
    watch.insist();
    decideOnLost();
    Collection<NodeAddress> unheard = cold.awaited();
    if (!cold.isOver() && !unheard.isEmpty()) {
      log.warn("told not to wait for {}: what only they know is given up", unheard);
    }
    if (!cold.isOver()) {
      table.adopt(cold.newest(), cold.infos());
      table.acceptProcesses();
      cold.end();
      review();
    }
    List<NodeAddress> absent =
        table.absentOwners().stream().filter(owner -> !table.isLive(owner)).toList();
    if (!absent.isEmpty()) {
      log.warn("told not to wait for {}: what only they have is given up", absent);
      table.giveUp(absent);
    }
  }

  /**
   * Takes over the state that a manager had.
   *
   * @param anew make it the newest, whatever is known here
   * @return whether it is what this manager goes by now
   */
  public boolean load(HashSpaces state, Map<NodeAddress, ServerInfo> infos, boolean anew) {
    boolean older =
        ClockTime.isNewer(table.spaces().write().clockTime(), state.write().clockTime());
    if (older && !anew) {
      return false;
    }
    if (older) {
      table.impose(state, infos);
    } else {
      table.adopt(state, infos);
    }
    log.warn("told what the cluster is: {}", table.spaces().write());
    cold.end();
    reconcile();
    review();
    return true;
  }

  private void logChange() {
    log.info(
        "update hash space at time({})", Long.toUnsignedString(table.spaces().write().clockTime()));
  }
}
