package io.kumo.it.sim;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;
import io.kumo.core.view.Voters;
import io.kumo.it.sim.history.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Holds a run to times within which every key is read and written without an operator: after all
 * has been put right, and in a majority while the others are cut off or dead.
 */
final class Availability {
  /** From when nothing is broken any more, until all keys are served through every gateway. */
  private static final int HEALED_SECONDS = 20;

  /** From when some are cut off, until the others serve all keys through their gateways. */
  private static final int MAJORITY_SECONDS = 16;

  /** From when they are back, until they take part again. */
  private static final int WHOLE_SECONDS = 20;

  private static final long STEP_NS = Duration.ofMillis(100).toNanos();
  private static final int STEPS_PER_SECOND = 10;
  private static final int TRIES = 50;

  private final World world;
  private final SplittableRandom random;
  private final List<Violation> violations = new ArrayList<>();

  Availability(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  List<Violation> violations() {
    return violations;
  }

  /** Nothing is broken any more, and no operator has done anything yet. */
  void afterTheHeal() {
    CopySettings copies = world.settings().copies();
    boolean servedByFew = copies.copies() > 1 && copies.minCopies() == 1;
    if (!world.settings().votes() || world.view().write().isEmpty() || !isWritable(copies)) {
      return;
    }
    if (servedByFew || world.settings().rejoins()) {
      serve("after the heal", world.gateways(), HEALED_SECONDS);
    }
  }

  /**
   * Whether each key has copies enough among servers that serve or come back by themselves: who has
   * an empty disk waits for an operator, in its place among the replicas.
   */
  private boolean isWritable(CopySettings copies) {
    HashSpace write = world.view().write();
    List<SimServer> listed =
        world.servers().stream()
            .filter(server -> write.find(server.address()).isPresent())
            .toList();
    long waiting =
        listed.stream()
            .filter(server -> !write.isActive(server.address()) && server.hasNewDisk())
            .count();
    return Math.min(copies.copies(), listed.size()) - waiting >= copies.minCopies();
  }

  /** Whether some are cut off once more at the end of this run. */
  boolean endsWithAnOutage() {
    Settings settings = world.settings();
    boolean plain = settings.copies().equals(CopySettings.PLAIN) && !settings.autoReplace();
    return plain && settings.rejoins() && settings.seed() % 4 >= 2 && settings.servers() >= 3;
  }

  /** To be called when all is whole; returns when it is again, or should be. */
  void inAMajority() {
    List<SimProcess> away = someoneToMiss();
    if (away.isEmpty()) {
      return;
    }
    List<SimProcess> others = world.all().filter(process -> !away.contains(process)).toList();
    boolean killed = random.nextInt(4) == 0;
    world.trace().say("outage: " + away + (killed ? " killed" : " cut off"));
    setAway(away, others, killed, true);
    serve(
        "without " + away + (killed ? ", killed" : ""),
        world.gateways().stream().filter(others::contains).toList(),
        MAJORITY_SECONDS);
    world.events().runFor(STEPS_PER_SECOND * STEP_NS);
    setAway(away, others, killed, false);
    for (int i = 0; i < WHOLE_SECONDS * STEPS_PER_SECOND && !isWhole(); i++) {
      world.events().runFor(STEP_NS);
    }
    if (!isWhole()) {
      violations.add(
          new Violation("whole again", away + " not back after " + WHOLE_SECONDS + " s"));
    }
  }

  private boolean isWhole() {
    return world.isSettled() && world.gateways().stream().allMatch(SimGateway::hasView);
  }

  private void setAway(
      List<SimProcess> away, List<SimProcess> others, boolean killed, boolean isAway) {
    for (SimProcess process : away) {
      if (killed && isAway) {
        process.kill();
      } else if (killed) {
        process.start();
      } else {
        others.forEach(other -> cut(process, other, isAway));
      }
    }
  }

  private void cut(SimProcess one, SimProcess other, boolean isCut) {
    world.conditions().cut(one.index(), other.index(), isCut);
    world.conditions().cut(other.index(), one.index(), isCut);
  }

  /** Some processes, without which there is a quorum, a copy of each key, and a gateway. */
  private List<SimProcess> someoneToMiss() {
    for (int i = 0; i < TRIES; i++) {
      List<SimProcess> away = world.all().filter(process -> random.nextInt(3) == 0).toList();
      if (!away.isEmpty() && canBeMissed(away)) {
        return away;
      }
    }
    return List.of();
  }

  private boolean canBeMissed(List<SimProcess> away) {
    long servers = away.stream().filter(SimServer.class::isInstance).count();
    boolean manager = world.managers().stream().anyMatch(m -> !away.contains(m));
    boolean gateway = world.gateways().stream().anyMatch(g -> !away.contains(g));
    Set<NodeAddress> there =
        world
            .all()
            .filter(process -> !away.contains(process))
            .map(SimProcess::address)
            .collect(Collectors.toCollection(TreeSet::new));
    return manager && gateway && servers < world.settings().copies().copies() && isQuorum(there);
  }

  private boolean isQuorum(Set<NodeAddress> there) {
    return world.servers().stream()
        .filter(SimProcess::isWell)
        .map(SimServer::installed)
        .allMatch(view -> isQuorum(view, there));
  }

  private static boolean isQuorum(ClusterView view, Set<NodeAddress> there) {
    return isQuorum(view.voters(), there)
        && (view.formerVoters().isNone() || isQuorum(view.formerVoters(), there));
  }

  private static boolean isQuorum(Voters voters, Set<NodeAddress> there) {
    List<Voter> heard =
        voters.members().stream().filter(voter -> there.contains(voter.address())).toList();
    return voters.isQuorum(heard);
  }

  private void serve(String when, List<SimGateway> gateways, int seconds) {
    boolean[] served = {false};
    Probes probes = new Probes(world, gateways, () -> served[0] = true);
    probes.start();
    for (int i = 0; i < seconds * STEPS_PER_SECOND && !served[0]; i++) {
      world.events().runFor(STEP_NS);
    }
    if (!served[0]) {
      violations.add(
          new Violation("served", when + ", not after " + seconds + " s: " + probes.open()));
    }
    probes.stop();
  }
}
