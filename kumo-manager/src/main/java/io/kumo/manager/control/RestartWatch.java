package io.kumo.manager.control;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.election.KeptRunning;
import io.kumo.manager.election.KeptRunning.Installed;
import io.kumo.manager.election.MassRestart;
import io.kumo.manager.election.MassRestart.Verdict;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.rebalance.RebalanceControl;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the active servers that have been started anew: they are marked fault. Those that were so
 * before this manager began to direct are judged together ({@link MassRestart}). Confined to the
 * manager's loop.
 */
final class RestartWatch {
  private static final Logger log = LoggerFactory.getLogger(RestartWatch.class);

  private final MemberTable table;
  private final RebalanceControl rebalance;
  private final TimeSource time;
  private final LongSupplier patienceNs;
  private final Map<NodeAddress, Boolean> clean = new HashMap<>();
  private final Map<NodeAddress, Installed> installedBefore = new HashMap<>();
  private boolean open;
  private long begunNs;

  /**
   * @param patienceNs how long those that are not there are waited for
   */
  RestartWatch(
      MemberTable table, RebalanceControl rebalance, TimeSource time, LongSupplier patienceNs) {
    this.table = table;
    this.rebalance = rebalance;
    this.time = time;
    this.patienceNs = patienceNs;
  }

  /**
   * A server has shown the hash spaces that it has installed, which at first are those that its
   * process before had.
   *
   * @param stoppedInOrder whether that process had stopped in an orderly way
   */
  void reported(NodeAddress server, Installed shown, boolean stoppedInOrder) {
    clean.put(server, stoppedInOrder);
    installedBefore.putIfAbsent(server, shown);
  }

  void lost(NodeAddress server) {
    clean.remove(server);
    installedBefore.remove(server);
  }

  /** This manager begins to direct by a view that it has not made. */
  void begin() {
    open = true;
    begunNs = time.nanoTime();
  }

  /** It directs no more. */
  void end() {
    open = false;
  }

  /** Whether all may have been started anew, and those that are not there yet are waited for. */
  boolean isOpen() {
    return open;
  }

  /**
   * Beside those that alone have some records and came back from a crash that their view did not
   * know of, takes in again whoever may hold them, too.
   *
   * @return whether that has changed the members
   */
  boolean readmit() {
    boolean changed = false;
    for (NodeAddress owner : open ? List.<NodeAddress>of() : table.absentOwners()) {
      Installed before = installedBefore.get(owner);
      boolean crashed = table.hasRestarted(owner) && !clean.getOrDefault(owner, true);
      if (crashed && before != null && table.readmitBeside(owner, before.spaces())) {
        log.warn(
            "{} crashed before it knew of the last faults: {} may have the end of what it wrote",
            owner,
            table.absentOwners());
        changed = true;
      }
    }
    return changed;
  }

  /** Those that are to be marked fault. */
  List<NodeAddress> restarted() {
    if (!open) {
      List<NodeAddress> owners = table.restartedOwners();
      return resumed(owners) ? owners : table.restarted();
    }
    boolean waitOver = time.nanoTime() - begunNs >= patienceNs.getAsLong();
    Verdict verdict =
        MassRestart.judge(
            table.rules(),
            table.spaces().write(),
            table.live(),
            table.attachedInfo(),
            clean,
            waitOver);
    return switch (verdict.outcome()) {
      case OPEN -> List.of();
      case KNOWN -> {
        open = false;
        yield returned(verdict);
      }
    };
  }

  private List<NodeAddress> returned(Verdict verdict) {
    if (verdict.restarted().isEmpty()) {
      return List.of();
    }
    boolean resumed = verdict.all() && resumed(verdict.crashed());
    table.acceptProcesses();
    if (resumed) {
      return verdict.crashed();
    }
    if (!verdict.all()) {
      log.warn(
          "started anew: {}; of them {} did not stop cleanly, and may lack what others have",
          verdict.restarted(),
          verdict.crashed());
      return verdict.crashed();
    }
    log.warn("no server stopped cleanly: a full replace will make replicas equal");
    table.renewVersion();
    rebalance.repair();
    return List.of();
  }

  /** Whether one has been taken in again that has all that these had before they crashed. */
  private boolean resumed(List<NodeAddress> anew) {
    List<Installed> before =
        anew.stream().map(installedBefore::get).filter(Objects::nonNull).toList();
    Optional<NodeAddress> keeper =
        KeptRunning.beside(new TreeSet<>(anew), before, table::mayResume);
    keeper.ifPresent(
        server -> {
          log.warn(
              "{} has kept running and serves again: {} had not gone on without it", server, anew);
          table.resume(server);
        });
    return keeper.isPresent();
  }
}
